"""Every code that a refusal can have has a French title, and every title a code."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import schoolsms
from schoolsms.api.titles import TITLES
from schoolsms.domain.errors import RefusedError
from schoolsms.domain.sending.send_requests import RefusalCode

ROOT = Path(__file__).parents[4]
PASSED_ON = {
    "problem(status, exc.code)",
    "problem(422, left.code)",
    "RefusedError(refusal.code)",
    "RefusedError(found.code)",
    "RefusedError(mobile.code)",
}
"""Calls whose code is another refusal's, or that of a recipient: those are in the sets below anyway."""


def kinds(of: type[RefusedError] = RefusedError) -> Iterator[type[RefusedError]]:
    """Every class of refusals, in whichever module."""
    yield of
    for each in of.__subclasses__():
        yield from kinds(each)


def written_codes(names: set[str]) -> tuple[set[str], set[str]]:
    """The codes that are written where something is refused, and the calls that write none but pass one on."""
    codes, passed_on = set(), set()
    for path in [*ROOT.glob("layers/core/python/schoolsms/**/*.py"), *ROOT.glob("functions/*/app.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
            if not isinstance(node, ast.Call) or name not in names:
                continue
            for code in [*node.args[1:2], *(each.value for each in node.keywords if each.arg == "code")]:
                if isinstance(code, ast.Constant):
                    codes.add(str(code.value))
                else:
                    first = f"{ast.unparse(node.args[0])}, " if name == "problem" else ""
                    passed_on.add(f"{name}({first}{ast.unparse(code)})")
    return codes, passed_on


def test_every_code_that_can_be_raised_has_a_title_and_every_title_a_code() -> None:
    for module in pkgutil.walk_packages(schoolsms.__path__, "schoolsms."):
        importlib.import_module(module.name)
    ours = [kind for kind in kinds() if kind.__module__.startswith("schoolsms.")]
    codes, passed_on = written_codes({kind.__name__ for kind in ours} | {"problem"})
    codes |= {kind.code for kind in ours} | set(get_args(RefusalCode))

    assert len(codes) > 60
    assert passed_on == PASSED_ON
    assert codes - set(TITLES) == set()
    assert set(TITLES) - codes == set()


def test_a_title_is_a_few_french_words() -> None:
    assert [
        title for title in TITLES.values() if not (title[:1].isupper() and len(title) <= 50 and title[-1] != ".")
    ] == []
