"""The load of a soak: schools that send, read and order without end, as fast as the embedded cloud bears it."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from urllib3.exceptions import HTTPError

from local.players.client import Client, eventually
from local.players.school import SchoolPlayer
from local.stack.process import Stack
from tests.support.journeys.outcomes import mixed_phones
from tests.support.journeys.provider_side import aws

SCHOOLS = 3
PHONES = 200
"""Numbers of a school, one in twenty of each bad behaviour."""

RECIPIENTS = 20
FIRST_PACKS = 6
"""Of 1,000 SMS, with which each school begins."""

ORDER_EVERY_SECONDS = 150.0
MOST_WAITING = 12
"""Messages of the queues of pages and receipts from which on senders wait: the embedded cloud bears no more."""

PAUSE_SECONDS = 0.5
GIVEN_UP_SECONDS = 240.0


@dataclass
class Request:
    """One request to send, as its sender knows it; `id` once it was accepted."""

    school: SchoolPlayer
    text: str
    phones: Sequence[str]
    key: str
    id: str = ""


@dataclass
class Load:
    """`orders` counts the packs of 500 ordered while it ran, by school; `wrong` what no caller should have heard."""

    stack: Stack
    schools: list[SchoolPlayer] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    orders: Counter[str] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _room: threading.Event = field(default_factory=threading.Event)

    def prepare(self) -> None:
        """Register the schools, supply them, record consents."""
        client = Client(self.stack.url, self.stack.smtp_port)
        phones = mixed_phones(SCHOOLS * PHONES)
        for number in range(SCHOOLS):
            school = SchoolPlayer(client, number + 1)
            assert school.register().status == 201
            school.credit(P1000=FIRST_PACKS)
            assert school.consent(*phones[number * PHONES : (number + 1) * PHONES]).status == 200
            self.schools.append(school)
        self._phones = phones

    def begin(self) -> None:
        self._threads = [threading.Thread(target=self._watch, daemon=True)]
        for number in range(SCHOOLS):
            self._threads.append(threading.Thread(target=self._send, args=(number,), daemon=True))
        self._threads.append(threading.Thread(target=self._order, daemon=True))
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Let what was begun be finished."""
        self._ended.set()
        self._room.set()
        for thread in self._threads:
            thread.join()

    @property
    def messages(self) -> int:
        return sum(len(each.phones) for each in self.requests if each.id)

    def _watch(self) -> None:
        """Let senders wait while the queues are long."""
        sqs = aws(self.stack, "sqs")
        urls = [each for each in sqs.list_queues()["QueueUrls"] if "-QueuedMessages-" in each or "-Receipts-" in each]
        name = "ApproximateNumberOfMessages"
        while not self._ended.wait(PAUSE_SECONDS):
            asked = [sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"] for url in urls]
            if sum(int(each[name]) for each in asked) <= MOST_WAITING:
                self._room.set()
            else:
                self._room.clear()

    def _send(self, number: int) -> None:
        school, own = self.schools[number], self._phones[number * PHONES : (number + 1) * PHONES]
        count = 0
        while not self._ended.is_set():
            self._room.wait()
            start = count * RECIPIENTS % PHONES
            phones = own[start : start + RECIPIENTS]
            request = Request(school, f"Essai {count} de l'endurance.", phones, f"soak-{number}-{count}")
            self.requests.append(request)
            self._ask(request)
            count += 1
            self._look(request)
            self._ended.wait(PAUSE_SECONDS)

    def _ask(self, request: Request) -> None:
        """Ask until it is accepted, under one key, whatever breaks meanwhile."""
        body = {"text": request.text, "recipients": [{"phone": phone} for phone in request.phones]}
        answer = self._until(
            202, lambda: request.school.sender.post("/v1/send-requests", body, idempotency_key=request.key)
        )
        if answer is None:
            return
        request.id = answer["id"]
        if answer["accepted"] != len(request.phones):
            self.wrong.append(f"{request.key}: {answer['accepted']} accepted, {answer['refused'][:2]}")

    def _look(self, request: Request) -> None:
        """Read as people do: the request, the ledger, the history."""
        if request.id:
            self._until(200, lambda: request.school.sender.get(f"/v1/send-requests/{request.id}"))
            self._until(200, lambda: request.school.manager.get("/v1/ledger"))
            self._until(200, lambda: request.school.manager.get("/v1/history"))

    def _until(self, wanted: int, call: Callable[[], Any]) -> Any:
        """The body of the first answer that is `wanted`; 5xx and broken lines are tried again, for minutes."""
        deadline = time.monotonic() + GIVEN_UP_SECONDS
        while time.monotonic() < deadline:
            try:
                answer = call()
            except HTTPError:
                self.answers[0] += 1
            else:
                self.answers[answer.status] += 1
                if answer.status == wanted:
                    return answer.json
                if answer.status < 500 and answer.status not in (409, 429):
                    self.wrong.append(f"{answer.status}: {answer.body[:200]!r}")
                    return None
            time.sleep(PAUSE_SECONDS)
        self.wrong.append(f"no answer {wanted} within {GIVEN_UP_SECONDS:g} s")
        return None

    def _order(self) -> None:
        """Schools order in turn; what becomes of it is looked at in the end."""
        count = 0
        while not self._ended.wait(ORDER_EVERY_SECONDS):
            school = self.schools[count % SCHOOLS]
            try:
                school.mail(school.signed_form(P500=1))
            except (AssertionError, HTTPError, json.JSONDecodeError) as error:
                self.answers[0] += 1  # its form could not be had: nothing was ordered
                del error
            else:
                self.orders[school.uai] += 1
            count += 1

    def credited(self) -> bool:
        """Whether every order is credited."""
        return all(len(school.orders()) == 1 + self.orders[school.uai] for school in self.schools) and all(
            order["state"] == "credited" for school in self.schools for order in school.orders()
        )

    def settled(self) -> bool:
        """Whether every request is finished."""
        return all(
            request.school.sender.get(f"/v1/send-requests/{request.id}").json["state"] == "finished"
            for request in self.requests
            if request.id
        )

    def wait_until_settled(self, seconds: float) -> None:
        """Raises `InVain`."""
        eventually(self.settled, seconds)
        eventually(self.credited, seconds)
