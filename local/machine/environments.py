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
from local.machine.settings import LOCAL, ROOT, UnusableSetting, environment_node, environment_python, read_settings
from local.machine.state_files import UnusableState, check_folder
from local.machine.tcp_ports import TakenPort, check_free

REQUIREMENTS = ROOT / "local" / "requirements"
CONSOLE = ROOT / "console"
NPM_FILES = [CONSOLE / "package.json", CONSOLE / "package-lock.json", CONSOLE / ".npmrc"]
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
    "console": [REQUIREMENTS / "console.txt"],
}
INSTALLER = "installer"
"""The environment of uv, which installs the others in a tenth of pip's time, where it finds a package index."""

COMPILED = {"runtime"}
"""Environments whose programs write no bytecode: functions start from it many times. Others write what they import."""

SIGNALS = (signal.SIGINT, signal.SIGTERM)
CORE = ROOT / "layers" / "core" / "python"


class SetupFailed(Exception):
    """An environment could not be made; the message tells what to do."""


def missing_environments() -> list[str]:
    """Names of the environments to make, largest first."""
    return [name for name in ENVIRONMENTS if _stamp(name) != _digest(_made_from(name))]


def make_installer(children: Children) -> Path | None:
    """Make uv, or find it made; nothing where it cannot be had: pip then does its work. Raises `Stopped`."""
    uv = environment_python(INSTALLER).parent / "uv"
    wanted = REQUIREMENTS / f"{INSTALLER}.txt"
    stamp = LOCAL / "environments" / INSTALLER / "stamp"
    if uv.exists() and stamp.exists() and stamp.read_text() == _digest([wanted]):
        return uv
    try:
        _make_venv(INSTALLER, children)
        _pip_install(INSTALLER, [wanted], children)
    except SetupFailed:
        return None
    stamp.write_text(_digest([wanted]))
    return uv


def make_environment(name: str, children: Children, uv: Path | None = None) -> None:
    """Make one environment from nothing, with `uv` if that is given; raises `SetupFailed`, or `Stopped`."""
    folder = _make_venv(name, children)
    # What is set for pip alone, such as an index of one's own, uv does not know.
    if not (uv and _uv_installs(uv, name, children)):
        _pip_install(name, ENVIRONMENTS[name], children)
    if name == "project":
        site = next((folder / "lib").glob("python*/site-packages"))
        (site / "schoolsms-editable.pth").write_text(f"{CORE}\n")
    if name == "console":
        _install_npm_packages(folder, children)
    (folder / "stamp").write_text(_digest(_made_from(name)))


def _make_venv(name: str, children: Children) -> Path:
    folder = LOCAL / "environments" / name
    shutil.rmtree(folder, ignore_errors=True)
    _run(children, name, [sys.executable, "-m", "venv", str(folder)], f"{sys.executable} -m venv does not work here")
    return folder


def _uv_installs(uv: Path, name: str, children: Children) -> bool:
    """Whether uv could install the packages of an environment."""
    options = ["--no-deps", "--quiet", *(["--compile-bytecode"] if name in COMPILED else [])]
    command = [str(uv), "pip", "install", *options, "--python", str(environment_python(name))]
    code, _ = children.run([*command, *_named(ENVIRONMENTS[name])], os.environ, ROOT)
    return code == 0


def _pip_install(name: str, files: list[Path], children: Children) -> None:
    # The files are complete, so there is nothing to resolve.
    options = ["--no-deps", "--quiet", "--disable-pip-version-check", "--no-input", "--retries", "2"]
    trouble = f"the packages of the environment {name} could not be installed: is a package index within reach?"
    command = [str(environment_python(name)), "-m", "pip", "install", *options, *_named(files)]
    _run(children, name, command, trouble)


def _named(files: list[Path]) -> list[str]:
    return [argument for file in files for argument in ("-r", str(file))]


def _install_npm_packages(folder: Path, children: Children) -> None:
    """Install what `console/package-lock.json` names, beside node."""
    for file in NPM_FILES:
        shutil.copy(file, folder)
    node = [str(environment_node()), str(environment_node().parents[1] / "lib/node_modules/npm/bin/npm-cli.js")]
    trouble = "the packages of console/package.json could not be installed: is a registry of npm within reach?"
    # No package may run a program of its own while it is installed.
    _run(children, "console", [*node, "ci", "--ignore-scripts", "--prefix", str(folder)], trouble)


def link_npm_packages() -> None:
    """Let `console/node_modules` lead to what is installed, because node looks for packages above the file it runs.

    The link is not committed, because some copies of a repository have a file in its place. A folder stays as it is.
    """
    link = CONSOLE / "node_modules"
    target = os.path.relpath(LOCAL / "environments" / "console" / "node_modules", CONSOLE)
    if link.is_symlink() and os.readlink(link) == target or link.is_dir() and not link.is_symlink():
        return
    link.unlink(missing_ok=True)
    link.symlink_to(target)


def _made_from(name: str) -> list[Path]:
    return ENVIRONMENTS[name] + (NPM_FILES if name == "console" else [])


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

    def make(name: str, uv: Path | None) -> None:
        make_environment(name, children, uv)
        say(f"installed {name}")

    def say(text: str) -> None:
        print(f"{time.monotonic() - started:6.1f} s  {text}", flush=True)

    once = f"installing {', '.join(names)} for Python {_version()} (once: two to four minutes, 1.5 GB under {LOCAL})"
    with heartbeat(once, "still installing", say), ThreadPoolExecutor(max_workers=len(names)) as pool:
        try:
            uv = make_installer(children)
            for made in [pool.submit(make, name, uv) for name in names]:
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
        link_npm_packages()
    except (SetupFailed, TakenPort, UnusableSetting, UnusableState, subprocess.SubprocessError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except Stopped:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
