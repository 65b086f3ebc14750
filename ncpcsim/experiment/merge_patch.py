"""What makes one plan of another: a JSON merge patch (RFC 7396)."""

from collections.abc import Iterator
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


def named(patch: Tree, before: Tree, after: Tree) -> Iterator[str]:
    """What a patch changes, a value a line: "KEY.KEY is X there and Y here"."""
    for key, node in patch.items():
        old, new = before.get(key, "nothing"), after.get(key, "nothing")
        if isinstance(node, dict) and isinstance(old, dict) and isinstance(new, dict):
            yield from (f"{key}.{line}" for line in named(node, old, new))
        else:
            yield f"{key} is {old} there and {new} here"
