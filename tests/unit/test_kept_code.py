"""The build keeps for a start just what would be composed, and a start does without it."""

import marshal
import os
import subprocess
import sys
from pathlib import Path

import pytest

from schoolsms.kept_code import FILE, interpreter
from tests.support.starts.deployed_core import deployed_core
from tests.support.template import ROOT

WORKING_COPY = ROOT / "layers" / "core" / "python"

CLASSES_COMPOSED = """
import sys
composed = []
def listen(event, arguments):
    if event == "compile" and b"__create_fn__" in bytes(arguments[0] or b""):
        composed.append(arguments[0])
sys.addaudithook(listen)
import schoolsms.bootstrap, schoolsms.domain.sending.send_requests as module
print(len(composed))
print(module.Refusal(1, "06", "duplicate", "déjà"), hash(module.Refusal(1, "06", "duplicate", "déjà")) != 0)
"""

PATTERNS_COMPARED = """
import re
anew = re._compiler.compile
import schoolsms
kept = re._compiler.compile
assert kept is not anew
compared = []
def compare(pattern, flags=0):
    one, other = kept(pattern, flags), anew(pattern, flags)
    assert (one, one.groupindex) == (other, other.groupindex), pattern
    compared.append(pattern)
    return one
re._compiler.compile = compare
import schoolsms.bootstrap, schoolsms.domain.sending.recipients
print(len(compared))
"""

UNTOUCHED = """
import re
anew = re._compiler.compile
import schoolsms, dataclasses
print("exec" in vars(dataclasses), re._compiler.compile is not anew)
"""


def run(script: str, core: Path) -> list[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(core), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", script]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.slow
def test_a_start_composes_no_class_of_ours_and_has_the_same_classes() -> None:
    anew, *classes = run(CLASSES_COMPOSED, WORKING_COPY)
    kept, *classes_by_kept = run(CLASSES_COMPOSED, deployed_core())
    assert classes == classes_by_kept
    assert int(anew) > 10
    assert int(kept) == 0


def test_a_pattern_that_is_kept_is_the_one_that_would_be_compiled() -> None:
    [compared] = run(PATTERNS_COMPARED, deployed_core())
    assert int(compared) > 100


@pytest.mark.parametrize(
    "content",
    [
        marshal.dumps((("another", *interpreter()[1:]), {})),
        marshal.dumps((interpreter(), {}))[:-3],
        marshal.dumps(["neither"]),
        b"",
    ],
    ids=["of another interpreter", "cut off", "something else", "empty"],
)
def test_what_cannot_be_used_is_left_alone(content: bytes, tmp_path: Path) -> None:
    package = tmp_path / "schoolsms"
    package.mkdir()
    for name in ("__init__.py", "kept_code.py"):
        (package / name).write_text((WORKING_COPY / "schoolsms" / name).read_text())
    assert run(UNTOUCHED, tmp_path) == ["False False"]
    (package / FILE).write_bytes(content)
    assert run(UNTOUCHED, tmp_path) == ["False False"]
    (package / FILE).write_bytes(marshal.dumps((interpreter(), {})))
    assert run(UNTOUCHED, tmp_path) == ["True True"]
