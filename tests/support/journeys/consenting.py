"""A client whose recipients have consented, since most journeys are about something else (R24).

Before it asks for an estimate or a message, it has a manager of the school record the consent of each number in it,
once, as a manager would: by a list. A journey about consents names the numbers that it keeps `silent`. So does one
about thousands that are refused for another reason, because each consent takes some milliseconds.
"""

import base64
import json
import threading
from collections.abc import Mapping
from typing import Any

from local.players.client import Answer
from tests.support.journeys.observed import ObservedClient, PersonalData

ASKING = ("/v1/send-requests", "/v1/estimates")
PROOF = "J'accepte les SMS.;1;formulaire papier;Secrétariat;01/09/2026"
HEADINGS = "Téléphone;Formulation;Version;Canal;Recueilli par;Recueilli le"
ROWS = 2_000


class ConsentingClient(ObservedClient):
    """For several threads."""

    def __init__(self, url: str, smtp_port: int, personal: PersonalData) -> None:
        super().__init__(url, smtp_port, personal)
        self.silent: set[str] = set()
        self._consented: set[tuple[str, str]] = set()
        self._uploaded = b""
        self._recording = threading.Lock()

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        if method == "POST" and path in ASKING and token and isinstance(body, Mapping):
            listed = self._listed() if "recipient_list" in body else []
            self._have_consent(_school_of(token), _phones_of(body) or listed)
        return super().call(method, path, body, token=token, headers=headers)

    def upload(self, opened: Mapping[str, Any], content: bytes) -> int:
        self._uploaded = content  # read when it is sent to: one of 25 MB never is
        return super().upload(opened, content)

    def _listed(self) -> list[str]:
        """The numbers in the last list."""
        return [cell for line in self._uploaded.decode(errors="replace").splitlines() for cell in _cells(line)]

    def _have_consent(self, uai: str, phones: list[str]) -> None:
        with self._recording:
            new = [
                each for each in dict.fromkeys(phones) if each not in self.silent and (uai, each) not in self._consented
            ]
            if not uai or not new:
                return
            manager = self.person("consents", "consents@ecole.test", uai, "sms_manager")
            for start in range(0, len(new), ROWS):
                rows = [HEADINGS, *(f'"{each}";{PROOF}' for each in new[start : start + ROWS])]
                content = "\r\n".join(rows).encode()
                super().call("POST", "/v1/consents/import", content, token=manager.token)
            self._consented |= {(uai, each) for each in new}


def _phones_of(body: Mapping[str, Any]) -> list[str]:
    """Those in a body that may be anything."""
    recipients = body.get("recipients")
    found = (
        [each.get("phone") for each in recipients if isinstance(each, Mapping)] if isinstance(recipients, list) else []
    )
    return [each for each in found if isinstance(each, str) and each.isprintable() and '"' not in each]


def _cells(line: str) -> list[str]:
    """Cells of a CSV row that may be phone numbers."""
    cells = line.replace(",", ";").replace("\t", ";").replace('"', "").split(";")
    return [cell.strip() for cell in cells if sum(map(str.isdigit, cell)) > 8]


def _school_of(token: str) -> str:
    try:
        payload = token.split(".")[1]
        return str(
            json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))).get("school") or ""
        ).upper()
    except (IndexError, ValueError):
        return ""
