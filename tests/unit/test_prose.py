"""Docstrings are ordinary sentences: none begins with a relative clause."""

import re

from tests.support.template import ROOT

RELATIVE = re.compile(r'"""(What|Who|Whoever|Where what) ')
FOLDERS = ("functions", "layers", "local", "tests")


def test_no_docstring_begins_with_a_relative_clause() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for folder in FOLDERS
        for file in (ROOT / folder).rglob("*.py")
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if RELATIVE.match(line.strip())
    ]
    assert found == []
