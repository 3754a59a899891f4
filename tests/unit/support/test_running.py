"""`python -m tests`: what failed beside all others runs once more, and what fails then has failed."""

from pathlib import Path

import pytest

from tests import __main__ as running

pytestmark = pytest.mark.slow  # each starts pytest, once or twice

FAILS_ONCE = """
from pathlib import Path
def test_it():
    was_here = Path(__file__).with_suffix(".ran")
    assert was_here.exists() or was_here.touch()
"""
FAILS = "def test_it(): assert False"
FAILS_OFTEN = "import pytest\n@pytest.mark.parametrize('time', range({}))\ndef test_it(time): assert False"
PASSES = "def test_it(): pass"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the tests to run and the logs stand."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # nobody's but pytest's own, or starting takes a second
    monkeypatch.setattr(running, "LOGS", tmp_path)
    return tmp_path


def run(folder: Path, code: str, name: str = "test_some.py") -> int:
    """The exit status of a group of that one file, and once more if it shall."""
    (folder / name).write_text(code)
    arguments = [name, "--rootdir", str(folder)]
    status = running._run(running._pytest("some", arguments), running._log("some"))
    return running._once_more("some", status, arguments)


def test_a_test_that_passes_once_more_is_named_and_fails_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, FAILS_ONCE) == 0
    [unsteady] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("UNSTEADY")]
    assert unsteady == "UNSTEADY, to be mended: test_some.py::test_it"


def test_a_test_that_fails_again_has_failed(folder: Path) -> None:
    assert run(folder, FAILS) == 1
    assert "1 failed" in (folder / "some-again.log").read_text()


@pytest.mark.parametrize(("code", "status"), [(PASSES, 0), ("def broken(:", 2), (FAILS_OFTEN.format(6), 1)])
def test_nothing_runs_again_if_all_passed_or_what_failed_is_no_accident(folder: Path, code: str, status: int) -> None:
    assert run(folder, code) == status
    assert not (folder / "some-again.log").exists()


def test_the_aftermath_does_not_run_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "AFTERMATH", Path("test_after.py"))
    assert run(folder, FAILS_ONCE, "test_after.py") == 1
