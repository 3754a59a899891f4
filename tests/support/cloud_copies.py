"""Copies of moto's account, restored for each test because building one takes longer than most tests."""

import io
import pickle
import threading
from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar

from moto.core.base_backend import BackendDict, BaseBackend

Name = tuple[str, str, str]
"""Service, account and region of one of moto's backends."""

LOCKS = (type(threading.Lock()), type(threading.RLock()))
"""Nobody has them while nothing runs, so new ones do as well."""

T = TypeVar("T")
_made: dict[Hashable, tuple[bytes, Any]] = {}


def made_once(name: Hashable, make: Callable[[], T], after: Hashable = None) -> T:
    """This calls `make` the first time, and from then on brings back what moto held after it, whatever it holds now.

    `make` finds what moto held after that of the name `after`, or nothing: never what a test did meanwhile.
    """
    if name not in _made:
        if after is not None:
            _bring_back(_made[after][0])
        answer = make()
        _made[name] = _copied(), answer
    held, answer = _made[name]
    _bring_back(held)
    return answer


def _copied() -> bytes:
    """Pickle the state of every backend in use."""
    backends = _backends()
    out = io.BytesIO()
    _Pickler(out, backends).dump({name: dict(vars(backend)) for name, backend in backends.items()})
    return out.getvalue()


def _bring_back(held: bytes) -> None:
    for name, state in _Unpickler(io.BytesIO(held)).load().items():
        backend = _backend(name)
        vars(backend).clear()
        vars(backend).update(state)


def _backends() -> Mapping[Name, BaseBackend]:
    return {
        (service.service_name, account, region): backend
        for service in vars(BackendDict)["_instances"]
        for account, regions in service.items()
        for region, backend in regions.items()
    }


def _backend(name: Name) -> BaseBackend:
    from moto.backends import get_backend

    service, account, region = name
    found: BaseBackend = get_backend(service)[account][region]  # type: ignore[call-overload]
    return found


class _Pickler(pickle.Pickler):
    """This writes a backend by its name, because it stays the same object and only what it holds is brought back."""

    def __init__(self, out: io.BytesIO, backends: Mapping[Name, BaseBackend]) -> None:
        super().__init__(out, protocol=pickle.HIGHEST_PROTOCOL)
        self._names = {id(backend): name for name, backend in backends.items()}

    def persistent_id(self, each: object) -> Name | None:
        return self._names.get(id(each))

    def reducer_override(self, each: object) -> Any:
        return (threading.RLock, ()) if isinstance(each, LOCKS) else NotImplemented


class _Unpickler(pickle.Unpickler):
    def persistent_load(self, name: Name) -> BaseBackend:
        return _backend(name)
