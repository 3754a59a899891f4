"""`snapshot_restore_py` as Lambda's own runtime has it: keeps a function's hooks, and runs them in Lambda's order."""

from collections.abc import Callable

_Hook = tuple[Callable[..., object], tuple[object, ...]]

_before: list[_Hook] = []
_after: list[_Hook] = []


def register_before_snapshot(hook: Callable[..., object], *arguments: object) -> None:
    _before.append((hook, arguments))


def register_after_restore(hook: Callable[..., object], *arguments: object) -> None:
    _after.append((hook, arguments))


def take_snapshot() -> None:
    """Run what is to be done before it, the last registered first; each runs once."""
    while _before:
        hook, arguments = _before.pop()
        hook(*arguments)


def restore() -> None:
    """Run what is to be done in a copy, in the order of registration; it can be run once for each copy."""
    for hook, arguments in _after:
        hook(*arguments)
