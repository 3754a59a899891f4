"""A client that remembers which personal data went through it, to look for it in logs afterwards (R46)."""

import json
import threading
from collections.abc import Mapping
from typing import Any

from local.client import Answer, Client

PERSONAL = {"phone", "text", "email", "variables"}
SHORTEST = 5
"""Shorter texts may turn up in logs by chance."""


class PersonalData:
    """Numbers, texts, names and addresses, as they were written. For several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._texts: set[str] = set()

    def remember(self, text: str) -> None:
        if len(text) >= SHORTEST:
            with self._lock:
                self._texts.add(text)

    def remember_body(self, body: Any) -> None:
        """Whatever personal there is in a JSON body, however deep."""
        if isinstance(body, list | tuple):
            for each in body:
                self.remember_body(each)
        elif isinstance(body, Mapping):
            for key, value in body.items():
                if key == "variables" and isinstance(value, Mapping):
                    self.remember_body([{"text": each} for each in value.values()])
                elif key == "managers" and isinstance(value, list):
                    self.remember_body([{"text": each["name"], "email": each["email"]} for each in value])
                elif key in PERSONAL and isinstance(value, str):
                    self.remember(value)
                else:
                    self.remember_body(value)

    def traces(self) -> set[str]:
        """What would give it away: texts by their beginning, numbers also without prefix and separators."""
        found = set()
        for text in self._texts:
            digits = "".join(character for character in text if character.isdigit())
            if len(digits) >= 9 and not any(character.isalpha() for character in text):
                found.add(digits[-9:])
            shown = text[:20].rstrip()
            found |= {shown, json.dumps(shown)[1:-1]}
        return {trace for trace in found if len(trace) >= SHORTEST}


class ObservedClient(Client):
    """Remembers in `personal` what it sends."""

    def __init__(self, url: str, smtp_port: int, personal: PersonalData) -> None:
        super().__init__(url, smtp_port)
        self._personal = personal

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        if not isinstance(body, bytes):
            self._personal.remember_body(body)
        return super().call(method, path, body, token=token, headers=headers)

    def phone(self, number: str) -> list[dict[str, Any]]:
        self._personal.remember(number)
        return super().phone(number)

    def mail(self, mail: Any, sender: str) -> None:
        self._personal.remember(sender)
        super().mail(mail, sender)
