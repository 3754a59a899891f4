"""Client of a stack, as a person or a program outside uses it: HTTP with a token, mail over SMTP, a look at a phone."""

from __future__ import annotations

import json
import smtplib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import urllib3

from local.machine.settings import HOST

ORDER_INBOX = "commande-sms@skolengo.test"
PATIENCE_SECONDS = 600.0
"""Time limit of actions that take a second on an idle machine: a busy one must not make them fail."""

T = TypeVar("T")


class InVain(AssertionError):
    """The awaited result did not come; the message has what was seen last."""


def eventually(probe: Callable[[], T], seconds: float = PATIENCE_SECONDS) -> T:
    """The first true answer of `probe`; raises `InVain` after `seconds` without one."""
    deadline = time.monotonic() + seconds
    pause = 0.05
    while not (seen := probe()):
        if time.monotonic() > deadline:
            raise InVain(f"waited {seconds:g} s in vain; seen last: {seen!r:.2000}")
        time.sleep(pause)
        pause = min(pause * 1.3, 1.0)  # what takes long is not made longer by looking
    return seen


@dataclass(frozen=True)
class Answer:
    """An answer over HTTP."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def items(self) -> list[dict[str, Any]]:
        """Those of a list."""
        items: list[dict[str, Any]] = self.json["items"]
        return items


class Client:
    """Talks to one stack. May be shared between threads."""

    def __init__(self, url: str, smtp_port: int, read_seconds: float = PATIENCE_SECONDS + 10) -> None:
        """`read_seconds` is for how long an answer is waited for."""
        self.url = url
        self._smtp_port = smtp_port
        self._pool = urllib3.PoolManager(
            maxsize=64, retries=False, timeout=urllib3.Timeout(connect=20, read=read_seconds)
        )

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """`body` is sent as JSON unless it is bytes."""
        sent = {"content-type": "application/json"} if body is not None else {}
        if token is not None:
            sent["authorization"] = f"Bearer {token}"
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        answer = self._pool.request(method, self.url + path, body=content, headers=sent | dict(headers or {}))
        return Answer(answer.status, answer.headers, answer.data)

    def person(self, sub: str, email: str, school: str, *roles: str) -> Person:
        """Somebody with a token of the local issuer."""
        who = {"sub": sub, "email": email, "school": school, "roles": roles}
        return Person(self, sub, email, self.call("POST", "/local/tokens", who).json["token"])

    def operator(self) -> Person:
        return self.person("operator-1", "camille@kosmos.test", "", "operator")

    def second_operator(self) -> Person:
        """The one who decides what the first operator proposed."""
        return self.person("operator-2", "sacha@kosmos.test", "", "operator")

    def mail(self, mail: EmailMessage | bytes, sender: str) -> None:
        """Hand `mail` over to the order inbox; `sender` is the envelope's. Raises `smtplib.SMTPException`."""
        raw = mail if isinstance(mail, bytes) else mail.as_bytes(policy=SMTP)
        with smtplib.SMTP(HOST, self._smtp_port, timeout=60) as smtp:
            smtp.sendmail(sender, [ORDER_INBOX], raw)

    def upload(self, opened: Mapping[str, Any], content: bytes) -> int:
        """Upload `content` as a recipient list, with the form that is to be used; the status answered."""
        form = {**opened["fields"], "file": ("liste.csv", content, opened["fields"]["Content-Type"])}
        return int(self._pool.request(opened["method"], opened["url"], fields=form).status)

    def outbox(self, to: str) -> list[dict[str, Any]]:
        """The mails that the service sent to `to`, oldest first."""
        mails: list[dict[str, Any]] = self.call("GET", f"/local/outbox?{urlencode({'to': to})}").json
        return mails

    def phone(self, number: str) -> list[dict[str, Any]]:
        """The SMS that reached the simulated phone `number` (E.164), oldest first."""
        reached: list[dict[str, Any]] = self.call("GET", f"/local/phones/{quote(number)}").json
        return reached


@dataclass(frozen=True)
class Person:
    """Somebody who calls the API with a token of their own."""

    client: Client
    sub: str
    email: str
    token: str

    def get(self, path: str, **query: str) -> Answer:
        return self.client.call("GET", path + (f"?{urlencode(query)}" if query else ""), token=self.token)

    def put(self, path: str, body: object) -> Answer:
        return self.client.call("PUT", path, body, token=self.token)

    def post(self, path: str, body: object, **headers: str) -> Answer:
        """Underscores in the names of `headers` become hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.call("POST", path, body, token=self.token, headers=named)

    def delete(self, path: str, body: object = None) -> Answer:
        return self.client.call("DELETE", path, body, token=self.token)

    def all(self, path: str, **query: str) -> list[dict[str, Any]]:
        """The items of every page of a list."""
        return list(self._items(path, query))

    def _items(self, path: str, query: dict[str, str]) -> Iterator[dict[str, Any]]:
        while True:
            page = self.get(path, **query)
            yield from page.items
            if not page.json["next_cursor"]:
                return
            query = query | {"cursor": page.json["next_cursor"]}


def mail_with(
    *documents: bytes,
    sender: str,
    subject: str = "Commande de SMS",
    text: str = "Bonjour,\n\nVeuillez trouver ci-joint notre bon de commande.\n",
    headers: Sequence[tuple[str, str]] = (),
) -> EmailMessage:
    """A mail to the order inbox as a mail program writes it, `documents` attached as PDF."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, ORDER_INBOX, subject
    for name, value in headers:
        mail[name] = value
    mail.set_content(text)
    for number, document in enumerate(documents, 1):
        name = f"bon-de-commande-{number}.pdf"
        mail.add_attachment(document, maintype="application", subtype="pdf", filename=name)
    return mail
