"""The calls of docs/local-stack.md work as they are pasted: as a whole, twice, on any date."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from local.machine.settings import ROOT
from local.players.client import Client, eventually
from local.stack.pages.personas import SCHOOL
from local.stack.process import Stack

GUIDE = ROOT / "docs" / "local-stack.md"
PHONE = "+33612345650"

MAKE = f"""\
#!/bin/sh
# `make order NAME=value` in the environment that runs the tests, which is not set up once more.
[ "$1" = order ] && export "$2" && cd "{ROOT}" && exec "{sys.executable}" -m local.demo.order
"""


@pytest.mark.skipif(shutil.which("curl") is None, reason="platform: no curl, with which the examples call")
def test_the_calls_of_the_guide_work_as_they_are_pasted_and_once_more(
    stack: Stack, client: Client, tmp_path: Path
) -> None:
    [calls] = re.findall(r"^```sh\n(.*?)^```$", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    (tmp_path / "make").write_text(MAKE)
    (tmp_path / "make").chmod(0o755)
    environ = {
        "PATH": f"{tmp_path}:{os.defpath}",
        "PORT": stack.url.rpartition(":")[2],
        "SMTP_PORT": str(stack.smtp_port),
    }
    manager = client.person("m", SCHOOL.email, SCHOOL.uai, "sms_manager")
    for time in (1, 2):
        output = subprocess.run(
            ["sh", "-e"],
            input=calls,
            cwd=tmp_path,
            env=environ,
            capture_output=True,
            text=True,
            check=True,
            timeout=600,
        ).stdout
        assert (tmp_path / "bon-de-commande.pdf").read_bytes().startswith(b"%PDF-")
        assert " is credited: 2,000 SMS" in output
        assert '"subject": "Crédit de SMS activé"' in output
        assert '"code":' not in output  # of a refusal
        texts = [sms["text"] for sms in client.phone(PHONE)]
        assert [text.partition(", ")[0] for text in texts] == ["Bonjour Zoé"] * time
        eventually(lambda: [each["state"] for each in manager.get("/v1/consents").items] == ["withdrawn"])
    credits = [entry["amount"] for entry in manager.all("/v1/ledger") if entry["kind"] == "credit"]
    assert credits == [2000, 2000]
