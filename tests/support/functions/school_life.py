"""Drive a school's whole life under a clock that the test moves.

It replaces what moto lacks: streams, queue triggers, waits of the state machines, schedules.
"""

import base64
import email
import heapq
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.policy import default
from itertools import count
from typing import Any

from local.phone_network.rules import rule_for
from local.players import paper
from local.stack.inbox import with_ses_headers
from schoolsms.domain.schools.stock.ledger import Entry
from tests.support.builders import MANAGER
from tests.support.functions.cloud import Cloud, client
from tests.support.functions.events import event, failed, http, sqs
from tests.support.functions.inbox import INBOX, PLACE_AND_DATE, mail, mail_event
from tests.support.functions.stored_data import queues
from tests.support.servers.phone_network_server import RECEIPT_SECRET, ReceiptSink

DAY, HOUR = timedelta(days=1), timedelta(hours=1)

_TRIGGERS = {
    "AcceptedOrders": ("credit_order", "order_accepted"),
    "CreditedOrders": ("issue_invoice", "order_credited"),
    "Notices": ("notify_managers", "low_balance"),
    "QueuedMessages": ("dispatch_messages", "page_due"),
    "Receipts": ("record_receipts", "delivered"),
    "IncomingReplies": ("heed_replies", "reply_due"),
}


@dataclass(frozen=True)
class Letter:
    """A mail of the service; `at` is when it went out."""

    at: datetime
    to: str
    subject: str
    text: str


class SchoolLife:
    """`hold_receipts` keeps receipts back until `bring_receipts`. `progress` has the purges' answers."""

    def __init__(self, cloud: Cloud, uai: str, sink: ReceiptSink) -> None:
        self.cloud, self.uai, self._sink = cloud, uai, sink
        self.hold_receipts = False
        self.letters: list[Letter] = []
        self.progress: list[Any] = []
        self._receipts: list[Mapping[str, str]] = []
        self._agenda: list[tuple[datetime, int, str, Any]] = []
        self._numbers = count(1)
        self._purges: set[str] = set()
        self._mails_read = 0

    # ------------------------------------------------------------------ people

    @property
    def now(self) -> datetime:
        return self.cloud.clock.time

    def call(self, function: str, case: str, **changes: Any) -> tuple[int, Any]:
        """Somebody of the school asks; status and body."""
        return self.cloud.call(function, http(function, case, claims={"school": self.uai}, **changes))

    def register(self, **school: Any) -> None:
        """The operator registers the school, or changes it."""
        known = json.loads(event("operator_api", "put_school")["body"])
        asked = http("operator_api", "put_school", path={"uai": self.uai}, body={**known, **school})
        assert self.cloud.call("operator_api", asked)[0] in (200, 201)

    def authorise(self, sending_country: str, multipliers: Mapping[str, int]) -> None:
        """The operator authorises destinations, and the school accepts their tariff."""
        destinations = {iso: {"multiplier": multiplier} for iso, multiplier in multipliers.items()}
        body = {"sending_country": sending_country, "destinations": destinations}
        asked = http("operator_api", "put_destinations", path={"uai": self.uai}, body=body)
        assert self.cloud.call("operator_api", asked)[0] == 200
        assert self.call("school_api", "accept_destinations")[0] == 200

    def record_consents(self, phones: Sequence[str]) -> None:
        """A manager imports the list of those who consented yesterday."""
        heading = "Téléphone;Formulation;Version;Canal;Recueilli par;Recueilli le"
        collected = f"{self.now - DAY:%d/%m/%Y}"
        rows = [f"{phone};J’accepte les SMS.;1;formulaire papier;Secrétariat;{collected}" for phone in phones]
        status, answer = self.call("import_consents", "list", body="\r\n".join([heading, *rows]))
        assert (status, answer["recorded"], answer["errors"]) == (200, len(phones), [])

    def order(self, **packs: int) -> None:
        """A manager downloads the form, fills and signs it, and mails it."""
        query = {pack: str(quantity) for pack, quantity in packs.items()}
        asked = http("issue_order_form", "prefilled", claims={"school": self.uai}, query=query)
        issued = base64.b64decode(self.cloud.invoke("issue_order_form", asked)["body"])
        signed = paper.ink(paper.fill(issued, {"place_and_date": PLACE_AND_DATE}))
        message_id = f"order{next(self._numbers)}"
        key = f"inbound/{message_id}"
        raw = with_ses_headers(
            mail(signed).as_bytes(),
            message_id=message_id,
            sender=MANAGER,
            recipient=INBOX,
            peer="192.0.2.30",
            helo="mail.lycee.test",
            at=self.now,
        )
        self.cloud.mails.put(key, raw, "message/rfc822")
        stored = mail_event(key)
        notification = json.loads(stored["Records"][0]["body"])
        notification["Records"][0]["eventTime"] = f"{self.now:%Y-%m-%dT%H:%M:%S.000Z}"
        stored["Records"][0]["body"] = json.dumps(notification)
        assert failed(self.cloud.invoke("ingest_order_email", stored)) == []
        self.settle()

    def ask(self, text: str, phones: Sequence[str], **more: Any) -> tuple[int, Any]:
        """A sender asks for an SMS to each of `phones`; status and body, once all that follows at once has happened."""
        body = {"text": text, "recipients": [{"phone": phone} for phone in phones], **more}
        key = {"idempotency-key": f"key-{next(self._numbers)}"}
        status, answer = self.call("accept_send_request", "one_recipient", headers=key, body=body)
        if status == 202:
            self._stream_request(answer["id"])
            self.settle()
        return status, answer

    def send(self, text: str, phones: Sequence[str], **more: Any) -> str:
        """The id of a request that is accepted."""
        status, answer = self.ask(text, phones, **more)
        assert status == 202, answer
        return str(answer["id"])

    def answer(self, phone: str, text: str) -> None:
        """Somebody answers, by OVHcloud."""
        query = {"id": str(next(self._numbers)), "sender": phone, "message": text}
        path = {"provider": "ovh", "secret": RECEIPT_SECRET}
        asked = http("accept_replies", "stop", path=path, query=query)
        assert self.cloud.invoke("accept_replies", asked)["statusCode"] == 204
        self.settle()

    def answers(self) -> list[str]:
        """The texts that the manager reads, newest first."""
        status, answer = self.call("school_api", "replies")
        assert status == 200
        return [each["text"] for each in answer["items"]]

    def statuses(self, request_id: str) -> dict[str, int]:
        """Count messages by status."""
        status, answer = self.call("school_api", "send_request", path={"id": request_id})
        assert status == 200
        return {name: number for name, number in answer["totals"].items() if number}

    def history(self) -> list[Any]:
        """All that the manager sees of it."""
        found: list[Any] = []
        query: dict[str, str] = {}
        while True:
            status, answer = self.call("school_api", "history", query=query)
            assert status == 200
            found += answer["items"]
            if not answer["next_cursor"]:
                return found
            query = {"cursor": answer["next_cursor"]}

    def balance(self) -> int:
        """The stock, in SMS."""
        status, answer = self.call("school_api", "balance")
        assert status == 200
        return int(answer["balance"])

    def ledger(self) -> list[Entry]:
        """Every entry, oldest first."""
        found: list[Entry] = []
        cursor = None
        while True:
            piece = self.cloud.ledger.entries(self.uai, cursor)
            found += piece.items
            cursor = piece.cursor
            if cursor is None:
                return found[::-1]

    def mailed(self, subject: str) -> list[Letter]:
        """The mails whose subjects begin so, oldest first."""
        return [letter for letter in self.letters if letter.subject.startswith(subject)]

    def mailed_on(self, subject: str) -> list[tuple[str, str]]:
        """The days (UTC) and addresses of these mails."""
        return [(letter.at.date().isoformat(), letter.to) for letter in self.mailed(subject)]

    # ------------------------------------------------------------------ time

    def go_to(self, moment: datetime, step: timedelta = DAY) -> None:
        """Run what falls due until `moment`, in order, with the schedules every `step` and at `moment`."""
        while self.now < moment:
            stop = min(self.now + step, moment)
            self._run_due(stop)
            self.cloud.clock.time = stop
            self._schedules()

    def settle(self) -> None:
        """Run what is due now and drain the queues until nothing is left."""
        self._run_due(self.now)
        moved = True
        while moved:
            moved = False
            for queue in _TRIGGERS:
                if queues()[queue]._messages and (bodies := self.cloud.queued(queue)):
                    self._consume(queue, bodies)
                    moved = True
        self._collect_letters()

    def bring_receipts(self) -> None:
        """The provider calls with every receipt it has, and they are recorded."""
        self._call_with_receipts()
        self.settle()

    def _call_with_receipts(self) -> None:
        while self._receipts:
            asked = http("accept_receipts", "delivered", query=self._receipts.pop(0))
            assert self.cloud.invoke("accept_receipts", asked)["statusCode"] == 204

    def _run_due(self, until: datetime) -> None:
        while self._agenda and self._agenda[0][0] <= until:
            at, _, function, payload = heapq.heappop(self._agenda)
            self.cloud.clock.time = max(self.now, at)
            answer = self.cloud.invoke(function, payload)
            if function == "purge_history":
                self.progress.append(answer)
                if not answer["done"]:
                    self._plan(answer["resume_at"], function, payload)
            self.settle()

    def _plan(self, at: str, function: str, payload: Any) -> None:
        heapq.heappush(
            self._agenda, (datetime.fromisoformat(at).astimezone(UTC), next(self._numbers), function, payload)
        )

    def _schedules(self) -> None:
        for function in ("watch_school_years", "forfeit_balances"):
            self.cloud.invoke(function, event(function, "every_hour"))
        for queue in queues().values():
            for message in queue._messages:
                message.delayed_until = 0
        self._start_purges()
        self.settle()

    def _start_purges(self) -> None:
        states = client("stepfunctions")
        for started in states.list_executions(stateMachineArn=self.cloud.reference("Purge"))["executions"]:
            if started["name"] not in self._purges:
                self._purges.add(started["name"])
                payload = json.loads(states.describe_execution(executionArn=started["executionArn"])["input"])
                self._plan(self.now.isoformat(), "purge_history", payload)

    def _stream_request(self, request_id: str) -> None:
        """Deliver the stream record and plan the state machine's steps: queue when due, close after the window."""
        for function in ("start_delivery", "warn_low_balance"):
            inserted = event(function, "request_inserted")
            inserted["Records"][0]["dynamodb"]["Keys"]["pk"]["S"] = f"REQUEST#{request_id}"
            assert failed(self.cloud.invoke(function, inserted)) == []
        execution = self.cloud.executions()[request_id]
        self._plan(execution["due_at"], "queue_messages", execution)
        self._plan(execution["expires_at"], "expire_messages", execution)

    def _consume(self, queue: str, bodies: Sequence[Any]) -> None:
        function, case = _TRIGGERS[queue]
        pages = bodies if queue == "QueuedMessages" else []
        before = [self._handed_over(page) for page in pages]
        assert failed(self.cloud.invoke(function, sqs(function, case, *bodies))) == []
        for page, earlier in zip(pages, before, strict=True):
            for phone in sorted(self._handed_over(page) - earlier):
                self._receipts += [self._sink.next() for _ in rule_for(phone).receipts]
        if not self.hold_receipts:
            self._call_with_receipts()

    def _handed_over(self, page: Any) -> set[str]:
        """The phones of a page that its provider took a message for."""
        request = self.cloud.requests.get(page["request_id"])
        if request is None:
            return set()
        states = self.cloud.requests.states(request.id)
        lines = self.cloud.requests.lines(request, page["page"])
        return {each.phone for each in lines if each.index in states and states[each.index].status == "sent"}

    def _collect_letters(self) -> None:
        sent = self.cloud.mails_sent()
        for each in sent[self._mails_read :]:
            message = email.message_from_string(each.raw_data, policy=default)
            body = message.get_body(("plain",))
            assert body is not None
            text, subject = str(body.get_content()), str(message["Subject"])
            self.letters += [Letter(self.now, to, subject, text) for to in str(message["To"]).split(", ")]
        self._mails_read = len(sent)
