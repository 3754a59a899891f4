"""Keep the code that the standard library composes at a start for the modules of a layer: `keep_code.py FOLDER`.

They are imported once, while all that is composed is noted. A module that lacks its libraries here is left out, because
code that is not kept is composed at the start. If the standard library composes otherwise, nothing is noted.
"""

import dataclasses
import importlib
import marshal
import pkgutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

FILE = "kept_code.bin"

KeyOf = Callable[..., bytes]

NOT_KEPT = (
    *(f"schoolsms.adapters.{room}" for room in ("drawing", "invoices", "mail", "order_forms")),
    *("schoolsms.application.mails", "schoolsms.application.orders"),
)
"""Nobody waits for what they do, and every function would hold their code."""


def keep(folder: Path) -> None:
    """Write the file into the package below `folder`."""
    sys.path.insert(0, str(folder))
    (folder / "schoolsms" / FILE).unlink(missing_ok=True)  # what it has would not be composed
    import schoolsms
    from schoolsms.kept_code import interpreter, key_of, pattern_compiler

    kept: dict[bytes, bytes] = {}
    _note_methods(kept, key_of)
    _note_patterns(kept, key_of, pattern_compiler())
    _import_all("schoolsms", schoolsms.__path__)
    (folder / "schoolsms" / FILE).write_bytes(marshal.dumps((interpreter(), kept)))


def _note_methods(kept: dict[bytes, bytes], key_of: KeyOf) -> None:
    def run(text: str, *namespaces: dict[str, Any]) -> None:
        code = compile(text, "<string>", "exec", dont_inherit=True)
        kept[key_of(text)] = marshal.dumps(code)
        exec(code, *namespaces)  # noqa: S102 - as `dataclasses` does

    setattr(dataclasses, "exec", run)  # noqa: B010 - the module calls it by that name


def _note_patterns(kept: dict[bytes, bytes], key_of: KeyOf, compiler: Any) -> None:
    compile_pattern, finish = compiler.compile, compiler._sre.compile
    asked: list[int] = []

    def note(pattern: Any, flags: int, code: list[int], groups: int, names: Any, numbers: Any) -> Any:
        if pattern.__class__ is str:
            made = int(flags), [int(step) for step in code], groups, dict(names), tuple(numbers)
            kept[key_of(pattern, asked[-1])] = marshal.dumps(made)
        return finish(pattern, flags, code, groups, names, numbers)

    def compile_noting(pattern: Any, flags: int = 0) -> Any:
        asked.append(int(flags))
        return compile_pattern(pattern, flags)

    compiler.compile = compile_noting
    compiler._sre = SimpleNamespace(**{**vars(compiler._sre), "compile": note})


def _import_all(package: str, path: Iterable[str]) -> None:
    for module in sorted(pkgutil.iter_modules(path, f"{package}."), key=lambda module: module.name):
        if module.name.startswith(NOT_KEPT):
            continue
        try:
            loaded = importlib.import_module(module.name)
        except ImportError:
            continue
        if module.ispkg:
            _import_all(module.name, loaded.__path__)


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
