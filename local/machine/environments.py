"""`make setup`: the virtual environments under `.local/environments`, from plain pinned requirement files.

Runs on the bare interpreter of a fresh machine, so it uses the standard library only. An environment is made
anew when its interpreter or one of its requirement files changed; otherwise a call costs nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType

from local.machine.children import Children, Stopped
from local.machine.progress import heartbeat, last_error
from local.machine.settings import LOCAL, ROOT, UnusableSetting, environment_python, read_settings
from local.machine.state_files import UnusableState, check_folder
from local.machine.tcp_ports import TakenPort, check_free

REQUIREMENTS = ROOT / "local" / "requirements"
ENVIRONMENTS: dict[str, list[Path]] = {
    "project": [
        ROOT / "layers" / "dependencies" / "requirements.txt",
        ROOT / "layers" / "documents" / "requirements.txt",
        REQUIREMENTS / "launcher.txt",
        ROOT / "tests" / "requirements.txt",
    ],
    "sam": [REQUIREMENTS / "sam.txt"],
    "ministack": [REQUIREMENTS / "ministack.txt"],
    "runtime": [REQUIREMENTS / "runtime.txt"],
}
SIGNALS = (signal.SIGINT, signal.SIGTERM)
CORE = ROOT / "layers" / "core" / "python"


class SetupFailed(Exception):
    """An environment could not be made; the message tells what to do."""


def missing_environments() -> list[str]:
    """Names of the environments to make, largest first."""
    return [name for name, files in ENVIRONMENTS.items() if _stamp(name) != _digest(files)]


def make_environment(name: str, children: Children) -> None:
    """Make one environment from nothing; raises `SetupFailed`, or `Stopped`."""
    folder = LOCAL / "environments" / name
    shutil.rmtree(folder, ignore_errors=True)
    _run(children, name, [sys.executable, "-m", "venv", str(folder)], f"{sys.executable} -m venv does not work here")
    files = [argument for file in ENVIRONMENTS[name] for argument in ("-r", str(file))]
    python = str(environment_python(name))
    # The files are complete, so there is nothing to resolve.
    options = ["--no-deps", "--quiet", "--disable-pip-version-check", "--no-input", "--retries", "2"]
    trouble = f"the packages of the environment {name} could not be installed: is a package index within reach?"
    _run(children, name, [python, "-m", "pip", "install", *options, *files], trouble)
    if name == "project":
        site = next((folder / "lib").glob("python*/site-packages"))
        (site / "schoolsms-editable.pth").write_text(f"{CORE}\n")
    (folder / "stamp").write_text(_digest(ENVIRONMENTS[name]))


def _run(children: Children, name: str, command: list[str], trouble: str) -> None:
    code, output = children.run(command, os.environ, ROOT)
    if code:
        log = LOCAL / "environments" / f"{name}.log"
        log.write_text(output)
        raise SetupFailed(f"{trouble} {last_error(output)} (all it said is in {log})")


def _stamp(name: str) -> str:
    stamp = LOCAL / "environments" / name / "stamp"
    return stamp.read_text() if stamp.exists() and environment_python(name).exists() else ""


def _digest(files: list[Path]) -> str:
    digest = hashlib.sha256(f"{sys.version} {ROOT}".encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _version() -> str:
    return sys.version.partition(" ")[0]


def _check_tools() -> None:
    for module, package in (("venv", "python3-venv"), ("ensurepip", "python3-venv"), ("ssl", "libssl")):
        if importlib.util.find_spec(module) is None:
            raise SetupFailed(
                f"this Python ({sys.executable}) has no module {module}: install {package}, "
                "or choose another interpreter with PYTHON=…"
            )


def _make_missing(children: Children) -> None:
    names = missing_environments()
    if not names:
        return
    started = time.monotonic()

    def make(name: str) -> None:
        make_environment(name, children)
        say(f"installed {name}")

    def say(text: str) -> None:
        print(f"{time.monotonic() - started:6.1f} s  {text}", flush=True)

    once = f"installing {', '.join(names)} for Python {_version()} (once: two or three minutes, 1.1 GB under {LOCAL})"
    with heartbeat(once, "still installing", say), ThreadPoolExecutor(max_workers=len(names)) as pool:
        try:
            for made in [pool.submit(make, name) for name in names]:
                made.result()
        except SetupFailed:
            children.stop(2)
            raise


def main() -> int:
    """Make what is missing; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check-settings-only", action="store_true", help="see that a stack could run with them")
    arguments = parser.parse_args()
    children = Children()

    def stop(number: int, frame: FrameType | None) -> None:
        for each in SIGNALS:  # a second Ctrl-C has nothing to add
            signal.signal(each, signal.SIG_IGN)
        print("stopped while installing: the same command goes on with what is missing", flush=True)
        children.stop(2)
        sys.exit(128 + number)

    for number in SIGNALS:
        signal.signal(number, stop)
    try:
        if arguments.check_settings_only:
            settings = read_settings()
            check_free(settings.ports)
            check_folder(settings.state_dir)
            return 0
        _check_tools()
        _make_missing(children)
    except (SetupFailed, TakenPort, UnusableSetting, UnusableState, subprocess.SubprocessError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except Stopped:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
