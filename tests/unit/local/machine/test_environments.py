"""`make setup` as a person meets it when something is missing: one line that says what and what to do."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from local.machine import environments
from local.machine.children import Children
from local.machine.environments import SetupFailed, make_environment
from local.machine.settings import ROOT
from local.machine.tcp_ports import free_ports

SETUP = [sys.executable, "-m", "local.machine.environments"]


def check_settings(**environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*SETUP, "--check-settings-only"],
        cwd=ROOT,
        env=os.environ | environ,
        capture_output=True,
        text=True,
        check=False,
    )


def refusal(ended: subprocess.CompletedProcess[str]) -> str:
    """The one line in which it was refused."""
    assert (ended.returncode, ended.stdout) == (1, "")
    [line] = ended.stderr.splitlines()
    return line


@pytest.fixture
def ports() -> dict[str, str]:
    """Ports that the stack may listen on."""
    return {name: str(port) for name, port in zip(("PORT", "SMTP_PORT", "AWS_PORT"), free_ports(3), strict=True)}


def test_a_state_folder_that_is_a_file_is_refused_before_anything_is_installed(
    ports: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "state"
    file.write_text("mine")
    line = refusal(check_settings(**ports, STATE_DIR=str(file)))
    assert line.startswith(f"error: {file} cannot be used: File exists.")
    assert line.endswith("make it a folder one may write to, or choose another with STATE_DIR=…")
    assert file.read_text() == "mine"


def test_a_state_folder_that_cannot_be_written_to_is_refused_in_one_line(ports: dict[str, str]) -> None:
    assert "error: /proc/state cannot be used: " in refusal(check_settings(**ports, STATE_DIR="/proc/state"))


def test_a_taken_port_is_refused_in_one_line(ports: dict[str, str], tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(ports["PORT"])))
        taken.listen()
        line = refusal(check_settings(**ports, STATE_DIR=str(tmp_path)))
    assert line == f"error: port {ports['PORT']} is taken: stop what listens there, or choose another with PORT=…"


def test_settings_that_work_are_accepted_and_leave_nothing(ports: dict[str, str], tmp_path: Path) -> None:
    assert check_settings(**ports, STATE_DIR=str(tmp_path)).returncode == 0
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def without_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose package index does not answer; where environments are made, of folders alone."""

    def make_folder(name: str, _: Children) -> Path:
        folder = tmp_path / "environments" / name
        folder.mkdir(parents=True)
        return folder

    [nobody] = free_ports(1)
    wanted = tmp_path / "requirements.txt"
    wanted.write_text("skolengo-sms-needs-this==1.0\n")
    monkeypatch.setattr(environments, "LOCAL", tmp_path)
    monkeypatch.setattr(environments, "_make_venv", make_folder)
    monkeypatch.setattr(environments, "ENVIRONMENTS", {"runtime": [wanted]})
    monkeypatch.setattr(environments, "environment_python", lambda name: Path(sys.executable))
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{nobody}/simple")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    return tmp_path


def test_offline_is_one_line_that_asks_for_the_index_and_names_the_whole_output(without_index: Path) -> None:
    with pytest.raises(SetupFailed) as failed:
        make_environment("runtime", Children())
    line = str(failed.value)
    assert "\n" not in line
    assert "could not be installed: is a package index within reach? ERROR: No matching distribution found" in line
    log = without_index / "environments" / "runtime.log"
    assert str(log) in line
    assert "skolengo-sms-needs-this" in log.read_text()


def uv_that_ends_with(code: int, folder: Path) -> Path:
    """A stand-in of uv, which writes down what it was asked for."""
    uv = folder / "uv"
    uv.write_text(f'#!/bin/sh\necho "$@" >> {folder}/asked\nexit {code}\n')
    uv.chmod(0o755)
    return uv


def test_uv_installs_what_the_requirements_name_and_pip_is_not_asked(without_index: Path) -> None:
    make_environment("runtime", Children(), uv_that_ends_with(0, without_index))
    [asked] = (without_index / "asked").read_text().splitlines()
    assert asked.startswith("pip install --no-deps ")
    assert asked.endswith(f"-r {without_index / 'requirements.txt'}")
    assert environments.missing_environments() == []


def test_where_uv_finds_no_index_pip_is_asked(without_index: Path) -> None:
    with pytest.raises(SetupFailed, match="ERROR: No matching distribution found"):
        make_environment("runtime", Children(), uv_that_ends_with(2, without_index))
    assert (without_index / "asked").exists()
    assert environments.missing_environments() == ["runtime"]


def test_without_any_index_there_is_no_uv_and_nothing_fails_yet(without_index: Path) -> None:
    assert environments.make_installer(Children()) is None


def test_a_file_in_place_of_the_link_to_the_npm_packages_becomes_the_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environments, "CONSOLE", tmp_path / "console")
    monkeypatch.setattr(environments, "LOCAL", tmp_path / ".local")
    packages = tmp_path / ".local" / "environments" / "console" / "node_modules"
    packages.mkdir(parents=True)
    link = tmp_path / "console" / "node_modules"
    link.parent.mkdir()
    link.write_text("../.local/environments/console/node_modules")
    for _ in range(2):
        environments.link_npm_packages()
        assert link.resolve() == packages


def test_a_folder_of_npm_packages_that_somebody_installed_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environments, "CONSOLE", tmp_path)
    (tmp_path / "node_modules" / "typescript").mkdir(parents=True)
    environments.link_npm_packages()
    assert (tmp_path / "node_modules" / "typescript").is_dir()
