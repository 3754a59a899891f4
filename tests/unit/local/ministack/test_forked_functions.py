"""A function that is forked from a server cannot tell it from one that its `bootstrap` started."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local.machine.settings import environment_python
from local.ministack.fork_server import IMPORTED, READ
from local.ministack.forked_functions import Forked, Server, Starter
from local.stack.build import BOOTSTRAP
from tests.unit.test_architecture import CORE

Start = Callable[..., Any]

SEEN = """
import json, os, signal, sys
try:
    import lacking
except ImportError as error:
    lacking = str(error)
print(json.dumps({
    "environ": {name: value for name, value in os.environ.items() if name != "_"},
    "path": sys.path,
    "arguments": sys.argv,
    "name": __name__,
    "folder": os.getcwd(),
    "open": [os.readlink(f"/proc/self/fd/{each}").partition(":")[0] for each in (0, 1, 2)],
    "more open": len(os.listdir("/proc/self/fd")),
    "group": os.getpgrp(),
    "signals": [str(signal.getsignal(each)) for each in (signal.SIGTERM, signal.SIGCHLD, signal.SIGINT)],
    "bytecode": sys.dont_write_bytecode,
    "imported": sys.modules["botocore.session"].__file__ if "botocore.session" in sys.modules else None,
    "lacking": lacking,
}))
"""
"""In place of the runtime client: what a function sees of its process."""

WAITING = "import time\nprint('runs', flush=True)\ntime.sleep(600)\n"


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    """A layer with two packages, one of them in place of the runtime client."""
    folder = tmp_path / "layer"
    for package, module in (("awslambdaric", "__main__"), ("botocore", "session")):
        (folder / package).mkdir(parents=True)
        (folder / package / "__init__.py").touch()
        (folder / package / f"{module}.py").write_text(SEEN if module == "__main__" else "")
    return folder


@pytest.fixture
def function(tmp_path: Path, layer: Path) -> Path:
    """The folder of a function as it is deployed."""
    folder = tmp_path / "function"
    folder.mkdir()
    (folder / "app.py").touch()
    bootstrap = folder / "bootstrap"
    bootstrap.write_text(BOOTSTRAP.format(layers=layer, python=sys.executable))
    bootstrap.chmod(0o755)
    return folder


@pytest.fixture
def starter(monkeypatch: pytest.MonkeyPatch) -> Iterator[Starter]:
    """Its servers have an environment of their own, as the embedded cloud has."""
    for name in ("PWD", "OLDPWD"):
        monkeypatch.delenv(name, raising=False)
    made = Starter()
    yield made
    made.end()


@pytest.fixture
def start(starter: Starter, function: Path) -> Start:
    """Starts the function as MiniStack does."""

    def started(**environ: str) -> Any:
        variables = {"LANG": "C.UTF-8", "LAMBDA_TASK_ROOT": str(function), "_HANDLER": "app.handler", **environ}
        return starter.start(
            [str(function / "bootstrap")],
            cwd=str(function),
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    return started


def seen(process: Any) -> Any:
    """Return what a function saw, after its end."""
    with process.stdout:
        text = process.stdout.read()
    process.wait(10)
    return json.loads(text)


def test_a_forked_function_sees_what_one_of_its_own_interpreter_sees(
    start: Start, layer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HOME")
    monkeypatch.setenv("OF_THE_CLOUD", "1")
    first, second, third = (start(TABLE=table) for table in "abc")
    assert [type(each) for each in (first, second, third)] == [subprocess.Popen, Forked, Forked]
    alone, forked, other = map(seen, (first, second, third))
    assert forked.pop("imported") == str(layer / "botocore" / "session.py")
    assert alone.pop("imported") is None
    assert forked["environ"].pop("TABLE") == "b"
    assert other["environ"]["TABLE"] == "c"
    assert alone["environ"].pop("TABLE") == "a"
    assert forked == alone
    assert forked["lacking"] == "No module named 'lacking'"


def test_a_function_with_a_module_of_that_name_gets_its_own(start: Start, function: Path) -> None:
    (function / "botocore").mkdir()
    seen(start())
    assert seen(start())["imported"] is None


def test_what_is_imported_read_no_other_home(start: Start) -> None:
    seen(start())
    assert seen(start(HOME="/elsewhere"))["imported"] is None


def test_a_function_that_is_killed_has_ended_and_no_other(start: Start, layer: Path) -> None:
    (layer / "awslambdaric" / "__main__.py").write_text(WAITING)
    alone, killed, asked = start(), start(), start()
    for each in (alone, killed, asked):
        assert each.stdout.readline() == b"runs\n"
        assert each.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        asked.wait(0)
    killed.kill()
    assert killed.wait(10) == killed.poll() == killed.returncode
    assert asked.poll() is None
    asked.terminate()
    assert asked.wait(10) == asked.poll()
    asked.terminate()
    alone.kill()
    alone.wait(10)
    for each in (alone, killed, asked):
        each.stdout.close()


def test_functions_go_on_when_their_server_ends_and_the_next_ones_do_without(
    start: Start, starter: Starter, layer: Path
) -> None:
    (layer / "awslambdaric" / "__main__.py").write_text(WAITING)
    started = [start(), start()]
    starter.end()
    started.append(start())
    assert [type(each) for each in started] == [subprocess.Popen, Forked, subprocess.Popen]
    for each in started:
        assert each.stdout.readline() == b"runs\n"
        assert each.poll() is None
        each.kill()
        each.wait(10)
        each.stdout.close()


def test_a_function_with_a_very_long_environment_starts_by_itself_and_the_next_one_is_forked(start: Start) -> None:
    seen(start())
    long = {"ONE": "x" * 70_000, "OTHER": "x" * 70_000}
    alone = start(**long)
    assert type(alone) is subprocess.Popen
    assert seen(alone)["environ"].items() >= long.items()
    forked = start()
    assert type(forked) is Forked
    seen(forked)


ENDS_FIRST = """
import os
handle_of = os.pidfd_open
def late(process):
    try:
        os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)
    except ChildProcessError:
        pass
    return handle_of(process)
os.pidfd_open = late
"""
"""In place of botocore, in a server: each function has ended before its handle is asked for."""


def test_a_function_that_ends_at_once_has_ended_and_the_next_one_is_forked(start: Start, layer: Path) -> None:
    (layer / "botocore" / "session.py").write_text(ENDS_FIRST)
    seen(start())
    for _ in range(2):
        ended = start()
        assert type(ended) is Forked
        seen(ended)
        assert ended.returncode is not None


def test_a_server_keeps_none_of_those_that_ended_but_the_last(start: Start, layer: Path) -> None:
    """Linux names the children of a process in `/proc`."""
    (layer / "awslambdaric" / "__main__.py").write_text("import os\nprint(os.getppid())\n")
    seen(start())
    [server] = {seen(start()) for _ in range(3)}
    assert len(Path(f"/proc/{server}/task/{server}/children").read_text().split()) <= 1


def test_a_server_that_cannot_start_is_found_out(function: Path) -> None:
    (function / "bootstrap").write_text("#!/bin/sh\nexit 1\n")
    server = Server(str(function / "bootstrap"))
    with pytest.raises(OSError, match="the fork server ended|Broken pipe|reset"):
        server.start(str(function), {})
    server.end()


def loaded(python: Path | str, statement: str) -> set[str]:
    script = f"import sys; sys.path.append({str(CORE)!r}); {statement}; print(*sys.modules)"
    return set(subprocess.run([python, "-c", script], check=True, capture_output=True, text=True).stdout.split())


def test_only_what_each_function_loads_itself_is_imported_before() -> None:
    """So an import that a function lacks is not made for it. Those without AWS import nothing that could lack."""
    aws, client = IMPORTED
    assert loaded(sys.executable, f"import {aws}") <= loaded(sys.executable, "import schoolsms.bootstrap")
    runtime = environment_python("runtime")
    assert loaded(runtime, f"import {client}") <= loaded(runtime, "import awslambdaric.__main__")


def test_what_is_imported_before_asks_the_environment_for_nothing_of_a_function() -> None:
    script = f"""
import os
asked, get = set(), type(os.environ).__getitem__
type(os.environ).__getitem__ = lambda self, name: asked.add(name) or get(self, name)
import {", ".join(IMPORTED)}
print(*asked)
"""
    runtime = environment_python("runtime")
    asked = subprocess.run([runtime, "-c", script], check=True, capture_output=True, text=True).stdout.split()
    assert set(asked) <= set(READ)
