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
from local.machine.settings import LOCAL, ROOT, UnusableSetting, environment_python, read_settings
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
    _run(children, [sys.executable, "-m", "venv", str(folder)], "python3 -m venv does not work here")
    files = [argument for file in ENVIRONMENTS[name] for argument in ("-r", str(file))]
    python = str(environment_python(name))
    # The files are complete, so there is nothing to resolve.
    options = ["--no-deps", "--quiet", "--disable-pip-version-check", "--no-input"]
    _run(
        children,
        [python, "-m", "pip", "install", *options, *files],
        f"the packages of {', '.join(str(file.relative_to(ROOT)) for file in ENVIRONMENTS[name])}"
        " could not be installed: is a package index within reach?",
    )
    if name == "project":
        site = next((folder / "lib").glob("python*/site-packages"))
        (site / "schoolsms-editable.pth").write_text(f"{CORE}\n")
    (folder / "stamp").write_text(_digest(ENVIRONMENTS[name]))


def _run(children: Children, command: list[str], trouble: str) -> None:
    code, output = children.run(command, os.environ, ROOT)
    if code:
        told = "\n".join(output.strip().splitlines()[-8:])
        raise SetupFailed(f"{trouble}\n{told}")


def _stamp(name: str) -> str:
    stamp = LOCAL / "environments" / name / "stamp"
    return stamp.read_text() if stamp.exists() and environment_python(name).exists() else ""


def _digest(files: list[Path]) -> str:
    digest = hashlib.sha256(f"{sys.version} {ROOT}".encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


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
        print(f"{time.monotonic() - started:6.1f} s  installed {name}", flush=True)

    print(f"   0.0 s  installing {', '.join(names)} (once, about two minutes)", flush=True)
    with ThreadPoolExecutor(max_workers=len(names)) as pool:
        try:
            for made in [pool.submit(make, name) for name in names]:
                made.result()
        except SetupFailed:
            children.stop(2)
            raise


def main() -> int:
    """Make what is missing; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check-ports-only", action="store_true", help="see that the stack's ports are free")
    arguments = parser.parse_args()
    children = Children()

    def stop(number: int, frame: FrameType | None) -> None:
        children.stop(2)
        sys.exit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    try:
        if arguments.check_ports_only:
            check_free(read_settings().ports)
            return 0
        _check_tools()
        _make_missing(children)
    except (SetupFailed, TakenPort, UnusableSetting, subprocess.SubprocessError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except Stopped:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
