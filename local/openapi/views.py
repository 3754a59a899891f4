"""Schemas of answers, made of the types that views return."""

import importlib
import pkgutil
import sys
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from inspect import cleandoc
from types import ModuleType
from typing import Annotated, Any, Literal, NotRequired, Union

from local.openapi.shapes import Schema, many, mapping, one_of, or_null, ref
from schoolsms.api import views

_PLAIN: Mapping[object, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    object: {},
}


@contextmanager
def read_as_by_a_type_checker() -> Iterator[Mapping[str, ModuleType]]:
    """The modules of views, by name, with what they have under `TYPE_CHECKING`; only as long as the context lasts."""
    found = pkgutil.walk_packages(views.__path__, f"{views.__name__}.")
    names = [each.name for each in found if not each.ispkg]
    for name in names:
        importlib.import_module(name)  # so that what they import is loaded as always
    usual = {name: sys.modules.pop(name) for name in names}
    try:
        vars(typing)["TYPE_CHECKING"] = True
        loaded = {name: importlib.import_module(name) for name in names}
        vars(typing)["TYPE_CHECKING"] = False
        yield loaded
    finally:
        vars(typing)["TYPE_CHECKING"] = False
        sys.modules |= usual
        for name, module in usual.items():
            room, _, child = name.rpartition(".")
            setattr(sys.modules[room], child, module)


class ViewSchemas:
    """Makes schemas; `components` are those of the named types that it met."""

    def __init__(self, modules: Mapping[str, ModuleType]) -> None:
        self._modules = modules
        self.components: dict[str, Schema] = {}

    def of(self, view: Callable[..., Any]) -> Schema:
        """The schema of what `view` returns."""
        typed = getattr(self._modules[view.__module__], view.__name__)
        return self._schema(typing.get_type_hints(typed, include_extras=True)["return"])

    def _schema(self, of: Any) -> Schema:
        origin, arguments = typing.get_origin(of), typing.get_args(of)
        if of in _PLAIN:
            return dict(_PLAIN[of])
        if typing.is_typeddict(of):
            return self._named(of)
        if origin is Annotated:
            return _annotated(self._schema(arguments[0]), of.__metadata__)
        if origin is Literal:
            return {"const": arguments[0]} if len(arguments) == 1 else one_of(*arguments)
        if origin in (Union, types.UnionType):
            return self._one_of(arguments)
        if origin is list:
            return many(self._schema(arguments[0]))
        if origin is not None and issubclass(origin, Mapping):
            return mapping(self._schema(arguments[1]))
        raise TypeError(f"no schema is made of {of}")

    def _one_of(self, arguments: tuple[Any, ...]) -> Schema:
        some = [each for each in arguments if each is not type(None)]
        words = [word for each in some if typing.get_origin(each) is Literal for word in typing.get_args(each)]
        schema = one_of(*words) if words else self._schema(some[0])
        if not words and len(some) > 1:
            raise TypeError(f"no schema is made of {some}")
        return or_null(schema) if len(some) < len(arguments) else schema

    def _named(self, of: Any) -> Schema:
        """A reference to the TypedDict's component, which is named without its `View`."""
        name = of.__name__.removesuffix("View")
        if name not in self.components:
            self.components[name] = {}  # for a type that has itself somewhere within
            hints = typing.get_type_hints(of, include_extras=True)
            optional = {
                each for each, hint in hints.items() if typing.get_origin(hint) is NotRequired
            } | of.__optional_keys__
            about = cleandoc(vars(of).get("__doc__") or "")  # Python 3.13 cleans it by itself
            self.components[name] = {
                **({"description": about} if about else {}),
                "type": "object",
                "properties": {each: self._schema(_required(hint)) for each, hint in hints.items()},
                "required": [each for each in hints if each not in optional],
            }
        return ref(name)


def _required(hint: Any) -> Any:
    return typing.get_args(hint)[0] if typing.get_origin(hint) is NotRequired else hint


def _annotated(schema: Schema, metadata: tuple[Any, ...]) -> Schema:
    """With what `Annotated` says: a text describes, a pair is a keyword of the schema."""
    for each in metadata:
        schema |= {"description": each} if isinstance(each, str) else dict([each])
    return schema
