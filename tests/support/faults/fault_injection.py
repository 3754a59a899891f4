"""Faults injected into a use case: a death, or a step by another process."""

from collections.abc import Callable, Mapping
from typing import Any


class Died(BaseException):
    """The process ended here."""


def dies() -> None:
    """For `interrupted`."""
    raise Died


def interrupted(
    target: object, *, before: Mapping[str, Callable[[], object]] = {}, after: Mapping[str, Callable[[], object]] = {}
) -> Any:
    """`target`, but something happens once, before or after a method: a death, or somebody else's turn."""
    return _Interrupted(target, dict(before), dict(after))


class _Interrupted:
    def __init__(self, target: object, before: dict[str, Any], after: dict[str, Any]) -> None:
        self._target, self._before, self._after = target, before, after

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._target, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            self._before.pop(name, _nothing)()
            result = method(*args, **kwargs)
            self._after.pop(name, _nothing)()
            return result

        return call if callable(method) else method


def _nothing() -> None:
    return None
