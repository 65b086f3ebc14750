"""What makes one tree of a manifest of another: a JSON merge patch (RFC 7396), or in words."""

from collections.abc import Iterator, Mapping
from typing import Any

Tree = dict[str, Any]


def difference(base: Tree, other: Tree) -> Tree:
    """The patch that makes one tree of another."""
    patch: Tree = {key: None for key in base if key not in other}
    for key, node in other.items():
        old = base.get(key)
        if isinstance(old, dict) and isinstance(node, dict):
            inner = difference(old, node)
            if inner:
                patch[key] = inner
        elif key not in base or old != node:
            patch[key] = node
    return patch


def patched(base: Tree, patch: Tree) -> Tree:
    """A tree after a patch; neither is changed."""
    tree = dict(base)
    for key, node in patch.items():
        if node is None:
            tree.pop(key, None)
        elif isinstance(node, dict):
            old = tree.get(key)
            tree[key] = patched(old if isinstance(old, dict) else {}, node)
        else:
            tree[key] = node
    return tree


def changes(there: Mapping[str, Any], here: Mapping[str, Any]) -> Iterator[str]:
    """What differs between two trees, a value a line: "KEY.KEY is X there and Y here"."""
    for key in {**there, **here}:
        old, new = there.get(key, "nothing"), here.get(key, "nothing")
        if isinstance(old, dict) and isinstance(new, dict):
            yield from (f"{key}.{line}" for line in changes(old, new))
        elif old != new:
            yield f"{key} is {old} there and {new} here"
