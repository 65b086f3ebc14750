"""Dictionaries that cannot be changed, for plans that must not change."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, NoReturn


class FrozenDict(dict[Any, Any]):
    """A dictionary that refuses every change."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("a plan cannot be changed; Plan.variant makes another")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type["FrozenDict"], tuple[dict[Any, Any]]]:
        return FrozenDict, (dict(self),)

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[Any, Any]:
        """A copy that can be changed."""
        return {key: deepcopy(node, memo) for key, node in self.items()}


def freeze(node: Any) -> Any:
    """A tree of tables and lists whose tables cannot be changed."""
    if isinstance(node, Mapping):
        return FrozenDict({key: freeze(child) for key, child in node.items()})
    return [freeze(child) for child in node] if isinstance(node, list) else node


def thaw(node: Any) -> Any:
    """A copy of a tree that can be changed."""
    if isinstance(node, Mapping):
        return {key: thaw(child) for key, child in node.items()}
    return [thaw(child) for child in node] if isinstance(node, list) else node
