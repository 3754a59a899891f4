"""A client that remembers which personal data went through it, to look for it in logs afterwards (R46)."""

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from email.message import EmailMessage
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, quote, quote_plus, unquote, urlsplit

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from local.players.client import Answer, Client
from tests.support.written_numbers import DIGITS, digits_of, numbers_in, spelled

PERSONAL = {"phone", "text", "email", "variables", "author", "collected_by", "wording", "reason"}
FIELDS = ("contact_name", "contact_email", "contact_phone")
PDF, HEAD_BYTES = b"%PDF-", 1024
SHORTEST = 5
"""Shorter texts may turn up in logs by chance."""

_PHONE_IN_PATH = re.compile(r"/(?:consents|recipients|phones)/([^/]*\d[^/]*)")
_PLACEHOLDER = re.compile(r"\(\([^)]*\)\)")


class PersonalData:
    """Numbers, texts, names and addresses, as they were written, and the problems answered. For several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._texts: set[str] = set()
        self._numbers: dict[str, str] = {}
        self._problems: dict[str, str] = {}

    # ---------------------------------------------------------------- what is remembered

    def remember(self, text: str) -> None:
        digits = digits_of(text)
        with self._lock:
            if len(digits) >= DIGITS and not any(character.isalpha() for character in text):
                if len(set(digits[-DIGITS:])) > 1:  # 0000…: an account's id looks like it
                    self._numbers.update(spelled([text]))
            elif len(text) >= SHORTEST:
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

    def remember_path(self, path: str) -> None:
        """Whom an address names: a number in the path, a number or an author in the query."""
        split = urlsplit(path)
        for phone in _PHONE_IN_PATH.findall(split.path):
            self.remember(unquote(phone))
        query = parse_qs(split.query)
        for each in (*query.get("phone", ()), *query.get("author", ())):
            self.remember(each)

    def remember_list(self, content: bytes) -> None:
        """The cells of a CSV that are numbers, or look like names and sentences."""
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", "replace")
        for row in set(text.splitlines()[1:]):  # millions may be the same
            for cell in re.split(r'[;,\t"]', row):
                if " " in cell.strip() or not cell.islower():
                    self.remember(cell.strip())

    def remember_mail(self, mail: EmailMessage) -> None:
        """Remember the sender and the people its forms name."""
        self.remember(str(mail["From"]))
        for part in mail.iter_attachments():
            content = part.get_payload(decode=True)
            if not isinstance(content, bytes) or PDF not in content[:HEAD_BYTES]:
                continue  # seconds would pass until pypdf has looked for an end in megabytes of something else
            with suppress(PyPdfError, KeyError, ValueError, TypeError):
                fields = PdfReader(BytesIO(content)).get_form_text_fields()
                for name in FIELDS:
                    self.remember(fields.get(name) or "")

    def remember_problem(self, route: str, body: bytes) -> None:
        """Remember an error answer, without `refused`: that part answers the caller who named those recipients."""
        problem = json.loads(body)
        problem.pop("refused", None)
        with self._lock:
            self._problems[json.dumps(problem, ensure_ascii=False)] = route

    # ---------------------------------------------------------------- what is looked for

    def numbers(self) -> frozenset[str]:
        with self._lock:
            return frozenset(self._numbers.values())

    def traces(self) -> set[str]:
        """Fragments that give texts and names away: their beginnings, also after a variable, also escaped."""
        with self._lock:
            texts = set(self._texts)
        found = set()
        for text in texts:
            for shown in _beginnings(text):
                found |= {shown, json.dumps(shown)[1:-1], quote(shown), quote_plus(shown)}
        return {trace for trace in found if len(trace) >= SHORTEST}

    def found_in(self, text: str) -> list[str]:
        """The numbers and traces that `text` holds."""
        with self._lock:
            by_spelling = dict(self._numbers)
        numbers = numbers_in(text, by_spelling)
        return sorted(numbers) + sorted(trace for trace in self.traces() if trace in text)

    def found_in_problems(self) -> dict[str, list[str]]:
        """Personal data found in each remembered problem, by route and problem."""
        with self._lock:
            problems = dict(self._problems)
        return {
            f"{route}: {problem}": found for problem, route in problems.items() if (found := self.found_in(problem))
        }

    @property
    def problems(self) -> int:
        """How many different ones were answered."""
        return len(self._problems)


def _beginnings(text: str) -> Iterator[str]:
    yield text[:20].rstrip()
    for part in _PLACEHOLDER.split(text):
        if len(part.strip()) >= 2 * SHORTEST:
            yield part.strip()[:20].rstrip()


class ObservedClient(Client):
    """Remembers in `personal` what it sends, and which problems it is answered."""

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
        self._personal.remember_path(path)
        if isinstance(body, bytes):
            self._personal.remember_list(body)
        else:
            self._personal.remember_body(body)
        answer = super().call(method, path, body, token=token, headers=headers)
        if answer.headers.get("content-type", "").startswith("application/problem+json"):
            self._personal.remember_problem(f"{method} {urlsplit(path).path}", answer.body)
        return answer

    def upload(self, opened: Mapping[str, Any], content: bytes) -> int:
        self._personal.remember_list(content)
        return super().upload(opened, content)

    def phone(self, number: str) -> list[dict[str, Any]]:
        self._personal.remember(number)
        return super().phone(number)

    def mail(self, mail: Any, sender: str) -> None:
        self._personal.remember(sender)
        if isinstance(mail, EmailMessage):
            self._personal.remember_mail(mail)
        super().mail(mail, sender)
