"""`make order` says in one line what keeps it from ordering; the guide's test has an order that is credited."""

import subprocess
import sys
from pathlib import Path

import pytest

from local.demo.order import main, not_credited, packs_of, school_of
from local.machine.settings import ROOT, UnusableSetting
from local.machine.tcp_ports import free_ports
from local.stack.pages.personas import OTHER_SCHOOL, SCHOOL


@pytest.mark.parametrize(
    ("written", "packs"),
    [
        ("P1000=2", {"P1000": "2"}),
        ("P1000=2 P500=1", {"P1000": "2", "P500": "1"}),
        (" P1000=2,  P500=1 ", {"P1000": "2", "P500": "1"}),
    ],
)
def test_packs_are_read_as_one_writes_them(written: str, packs: dict[str, str]) -> None:
    assert packs_of(written) == packs


@pytest.mark.parametrize("written", ["2", "P1000", "P1000=0", "P1000=-1", "P1000=12345", "P1000=2;P500=1"])
def test_what_is_no_order_is_shown_how_to_write(written: str) -> None:
    with pytest.raises(UnusableSetting, match='write it as PACKS="P1000=2"'):
        packs_of(written)


def test_the_schools_of_the_local_pages_are_known_and_others_are_made_up() -> None:
    assert school_of("0750655E") == SCHOOL
    assert school_of("0751202Z") == OTHER_SCHOOL
    made_up = school_of("0750001X")
    assert made_up.uai == "0750001X"
    assert made_up.siret != SCHOOL.siret
    assert made_up.email == "gestion@0750001x.ecole.test"


def test_a_school_that_is_no_uai_is_refused() -> None:
    with pytest.raises(UnusableSetting, match="SCHOOL=Éluard is no UAI"):
        school_of("Éluard")


def test_an_order_in_review_names_who_decides_it_and_where() -> None:
    order = {"id": "BC1", "state": "review", "reasons": [{"detail": "montant inhabituel"}], "deadline": "2026-11-24T09"}
    said = not_credited(order, "http://127.0.0.1:3000")
    assert said.startswith("order BC1 is review: montant inhabituel. The operator has to decide it, by 2026-11-24T09: ")
    assert "http://127.0.0.1:3000/operateur/commandes/BC1" in said
    assert "POST /v1/orders/BC1/decision as " in said
    assert not_credited(order | {"state": "incomplete"}, "") == "order BC1 is incomplete: montant inhabituel"


def test_without_a_stack_one_line_says_how_to_start_one(capsys: pytest.CaptureFixture[str]) -> None:
    port, smtp_port = free_ports(2)
    assert main({"PORT": str(port), "SMTP_PORT": str(smtp_port)}) == 1
    assert capsys.readouterr().err == (
        f"error: no stack answers at PORT={port} and SMTP_PORT={smtp_port}: start one with make run, or name another\n"
    )


def test_a_wrong_setting_is_one_line_of_the_command(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "local.demo.order"]
    ended = subprocess.run(
        command, cwd=ROOT, env={"PACKS": "2", "PATH": ""}, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == 'error: PACKS=2 is no order: write it as PACKS="P1000=2"\n'
