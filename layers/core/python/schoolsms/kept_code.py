"""Code that the standard library would compose anew at each start, kept by the build of the layer (`keep_code.py`).

`dataclasses` writes the methods of each class as text and compiles it, `re` translates each pattern: a quarter of a
start, and the same every time. Code that is not kept, or was kept by another interpreter, is composed as ever.
"""

import dataclasses
import hashlib
import marshal
import re
from collections.abc import Mapping
from importlib.util import MAGIC_NUMBER
from typing import Any

FILE = "kept_code.bin"
"""Beside this module in a layer; a working copy has none."""


def pattern_compiler() -> Any:
    """Return the part of `re` that translates patterns. No public name leads to it."""
    return vars(re)["_compiler"]


def interpreter() -> tuple[bytes, int, int]:
    """Return what names the interpreters that can run kept code, as they name their bytecode."""
    engine = pattern_compiler()._sre
    return MAGIC_NUMBER, int(engine.MAGIC), int(engine.CODESIZE)


def key_of(text: str, flags: int = -1) -> bytes:
    """Return the key of a text's code: a digest, because the texts would take a megabyte of each process."""
    return hashlib.blake2b(f"{int(flags)} {text}".encode("utf-8", "surrogatepass"), digest_size=16).digest()


def use_kept_code(folder: str) -> None:
    """Have `dataclasses` and `re` take what `folder` has for this interpreter, if it has anything."""
    try:
        with open(f"{folder}/{FILE}", "rb") as file:
            made_by, kept = marshal.load(file)  # noqa: S302 - a part of the layer, as its bytecode is
    except (OSError, EOFError, ValueError, TypeError):
        return
    if made_by == interpreter():
        _take_methods(kept)
        _take_patterns(kept)


def _take_methods(kept: Mapping[bytes, bytes]) -> None:
    def run(text: str, *namespaces: dict[str, Any]) -> None:
        code = kept.get(key_of(text))
        exec(text if code is None else marshal.loads(code), *namespaces)  # noqa: S102, S302

    setattr(dataclasses, "exec", run)  # noqa: B010 - the module calls it by that name


def _take_patterns(kept: Mapping[bytes, bytes]) -> None:
    compiler = pattern_compiler()
    compile_anew, finish = compiler.compile, compiler._sre.compile

    def compiled(pattern: Any, flags: int = 0) -> Any:
        code = kept.get(key_of(pattern, flags)) if pattern.__class__ is str else None
        return compile_anew(pattern, flags) if code is None else finish(pattern, *marshal.loads(code))  # noqa: S302

    compiler.compile = compiled
