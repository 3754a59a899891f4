"""The demo as a person starts it: it tells the whole job, or stops when asked to."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from local.machine.settings import ROOT
from local.machine.tcp_ports import free_ports, is_free
from local.players.client import eventually


def demo(**environ: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "local.demo"],
        cwd=ROOT,
        env=os.environ | environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def own_ports() -> Mapping[str, str]:
    return dict(zip(("PORT", "SMTP_PORT", "AWS_PORT"), map(str, free_ports(3)), strict=True))


def test_the_demo_tells_the_main_job_and_every_check_holds() -> None:
    ports = own_ports()
    with demo(**ports, DELIVERY_WINDOW_SECONDS="40") as running:
        output, _ = running.communicate(timeout=300)

    assert running.returncode == 0, output
    assert "✗" not in output
    assert output.count("✓") >= 40
    assert "\033" not in output  # no colours into a file
    assert "checks held" in output.splitlines()[-1]
    assert all(is_free(int(port)) for port in ports.values())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_demo_and_its_stack(number: signal.Signals) -> None:
    ports = own_ports()
    with demo(**ports) as running:
        eventually(lambda: not is_free(int(ports["AWS_PORT"])))
        running.send_signal(number)
        output, _ = running.communicate(timeout=90)

    assert running.returncode == 128 + number, output
    assert output.splitlines()[-1] == "stopped"
    assert all(is_free(int(port)) for port in ports.values())


def test_a_check_that_does_not_hold_is_named_with_the_place_of_the_logs(tmp_path: Path) -> None:
    with demo(DELIVERY_WINDOW_SECONDS="2", TMPDIR=str(tmp_path)) as running:  # the template takes 5 at least
        output, _ = running.communicate(timeout=300)

    assert running.returncode == 1
    assert "FAILED in step 1" in output
    assert output.splitlines()[-1].startswith(f"logs: {tmp_path}")
