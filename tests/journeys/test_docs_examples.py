"""The calls of docs/local-stack.md work as they are pasted, on any date."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from local.players import paper
from local.players.client import eventually, mail_with
from local.stack.process import Stack
from tests.support.journeys.consenting import ConsentingClient

GUIDE = Path(__file__).parents[2] / "docs" / "local-stack.md"
MANAGER = "marie@college.test"
PHONE = "+33612345650"


@pytest.mark.skipif(shutil.which("curl") is None, reason="platform: no curl, with which the examples call")
def test_the_calls_of_the_guide_work_as_they_are_pasted(stack: Stack, client: ConsentingClient, tmp_path: Path) -> None:
    before, after, later = re.findall(r"^```sh\n(.*?)^```$", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    port = stack.url.rpartition(":")[2]
    with subprocess.Popen(["sh"], stdin=subprocess.PIPE, cwd=tmp_path, env={"PORT": port}, text=True) as shell:
        assert shell.stdin

        def paste(block: str, marker: str) -> None:
            assert shell.stdin
            shell.stdin.write(f"{block}\ntouch {marker}\n")
            shell.stdin.flush()
            eventually((tmp_path / marker).exists)

        paste(before, "form-is-here")
        form = (tmp_path / "bon-de-commande.pdf").read_bytes()
        written = {"contact_role": "Gestionnaire", "place_and_date": "Paris, le 1er septembre"}
        filled = paper.fill(form, written, terms=True)
        client.mail(mail_with(paper.ink(filled), sender=MANAGER), MANAGER)
        eventually(lambda: "Crédit de SMS activé" in [mail["subject"] for mail in client.outbox(MANAGER)])
        paste(after, "request-is-sent")
        [sms] = eventually(lambda: client.phone(PHONE))
        assert sms["text"] == "Bonjour Zoé, le collège est fermé."
        paste(later, "answer-is-sent")
        shell.stdin.close()
    manager = client.person("m", MANAGER, "0750655E", "sms_manager")
    eventually(lambda: [each["state"] for each in manager.get("/v1/consents").items] == ["withdrawn"])
