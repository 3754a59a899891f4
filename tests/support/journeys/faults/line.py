"""A stack whose functions call through a proxy, one school, and all that goes wrong there at once."""

import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from botocore.config import Config

from local.players.client import PATIENCE_SECONDS, Client, eventually
from local.players.school import SchoolPlayer
from local.stack.process import NOBODY_KILLS_IT, Stack
from schoolsms.adapters.dynamodb.client.codec import Item, from_wire
from schoolsms.adapters.dynamodb.history.requests.message_items import states_in
from tests.support.journeys.faults.proxy import Fault, FaultProxy, proxying
from tests.support.journeys.faults.scenarios import TAKEN_BY_AWS, Known, Scenario
from tests.support.journeys.outcomes import WAITING as STILL_WAITING
from tests.support.journeys.outcomes import outcomes
from tests.support.journeys.provider_side import aws, call_receipt_url, provider_ids, receipt_secret
from tests.support.journeys.redriving import Exporting, redrive

GIVEN_AGAIN_SECONDS = 10
"""After which the queues give what a killed function had: 18 minutes otherwise."""

AT_ONCE = 4
"""How many scenarios go on at the same time: most of each is waiting for a function that starts again."""

WAITING: Mapping[tuple[str, str], str] = {
    ("02", "expired"): "sent",
    ("08", "failed"): "queued",
    ("10", "failed"): "uncertain",
    ("10", "expired"): "uncertain",
}
"""Status in which a message waits for its window's end, by the behaviour of its number."""

PATIENT = Config(read_timeout=900, retries={"total_max_attempts": 1})
"""As Step Functions waits for a function: as long as it may take, and once."""

LONG_AGO = "2026-01-01T00:00:00.000Z"


@dataclass
class FaultLine:
    """Send messages through the fault proxy and check their ends."""

    stack: Stack
    proxy: FaultProxy
    school: SchoolPlayer
    dynamodb: Any
    functions: Any
    table: str
    closing: str
    receipt_secret: str
    requests: dict[str, str] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    redriven: set[str] = field(default_factory=set)
    heard: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """How each scenario's request was asked for, and what was heard."""

    def send(self, name: str, phones: Sequence[str], text: str = "Bonjour.") -> None:
        answer = self.school.send(text, phones)
        assert answer.status == 202, answer.body[:500]
        self.requests[name] = answer.json["id"]

    def meet_all(self, scenarios: Sequence[Scenario], mixed: Sequence[str]) -> None:
        """Send everything, `mixed` last, and wait until it is where it stays; then end every window."""
        for number, scenario in enumerate(scenarios):
            self.phones[scenario.name] = f"+33611{number:04d}{scenario.ending}"
        assert self.school.consent(*self.phones.values(), *mixed).status == 200
        with ThreadPoolExecutor(AT_ONCE) as pool:
            # OVHcloud has to be offered most of them first, and is passed over for a while after it failed others.
            for last in (False, True):
                numbered = [each for each in enumerate(scenarios) if each[1].harms_ovh is last]
                list(pool.map(self._meet, numbered))
        self.send("mixed", mixed)
        # First, because a page with live claims is retried at longer and longer intervals.
        for scenario in scenarios:
            if scenario.lease_ends:
                self._let_lease_end(scenario)
        for scenario in scenarios:
            self._settle(scenario)
        self.settle_mixed("mixed", mixed)
        self._answer(next(self.phones[each.name] for each in scenarios if each.status == "delivered" and each.received))
        self._cancel_invoice()
        exporting = Exporting(self.school.client, 2)
        self.before = self._standing(exporting)
        back = [mail["id"] for mail in self._mails_back()]
        self.redriven = redrive(self.stack, self.proxy.carried, [self.requests[name] for name in TAKEN_BY_AWS], back)
        self.after = self._standing(exporting)
        self.close()

    def _meet(self, numbered: tuple[int, Scenario]) -> None:
        """Ask for its request as it says, whose calls go wrong; wait until OVHcloud took it, if it has to."""
        number, scenario = numbered
        text, phone = f"Bonjour, message {number}.", self.phones[scenario.name]
        self.faults[scenario.name] = []

        def accepted(request: str) -> None:
            self.requests[scenario.name] = request
            self.proxy.taken[f"{request}-0"] = lambda provider_id: self._arm(scenario, "taken", provider_id=provider_id)
            self._arm(scenario, "accepted", id=request)

        self.proxy.awaited[text] = accepted
        self._arm(scenario, "asked", text=json.dumps(text), phone=phone)
        self.heard[scenario.name] = [(how, self._ask(scenario, text, how)) for how, _ in scenario.asked]
        for news in scenario.receipts:
            [provider_id] = eventually(lambda: provider_ids(self.stack, phone))
            answer = call_receipt_url(self.school.client, self.receipt_secret, provider_id, news)
            assert answer.status == 204, answer.status
        if scenario.known == "taken":
            eventually(lambda: self.faults[scenario.name])

    def _arm(self, scenario: Scenario, known: Known, **words: str) -> None:
        """Inject its faults, if what they name is known now."""
        if scenario.known == known:
            for kind, step, times in scenario.faults:
                marks = [_said(part, words) for part in step]
                self.faults[scenario.name].append(self.proxy.inject(kind, *marks, times=times))

    def _ask(self, scenario: Scenario, text: str, how: str) -> str:
        """Send the request and return the outcome that the sender sees."""
        body = {"text": text, "recipients": [{"phone": self.phones[scenario.name]}]}
        key = {"Idempotency_Key": scenario.name} if how == "with key" else {}
        answer = self.school.sender.post("/v1/send-requests", body, **key)
        if answer.status == 202:
            self.requests[scenario.name] = answer.json["id"]
            return "accepted"
        if answer.status >= 500:
            return "lost"
        return ", ".join(each["code"] for each in answer.json["refused"])

    def _let_lease_end(self, scenario: Scenario) -> None:
        """Wait until a claim is left behind, and make its minute be over."""
        eventually(lambda: self.faults[scenario.name][0].hits)
        eventually(lambda: self._end_lease(self.requests[scenario.name]))

    def _answer(self, phone: str) -> None:
        """A recipient answers, and the manager reads it."""
        answer = self.school.client.call("POST", f"/local/phones/{quote(phone)}/reply", {"text": "Merci"})
        assert answer.status == 200
        eventually(lambda: self.school.manager.all("/v1/replies"))

    def _cancel_invoice(self) -> None:
        """The operator cancels the school's first invoice; the mails of the credit note go, and one comes back."""
        invoices = self.school.manager.all("/v1/invoices")
        path = f"/v1/invoices/{invoices[-1]['number']}/credit-note"
        assert self.school.client.operator().post(path, {"reason": "SIRET erroné"}).status == 202
        eventually(lambda: any("Avoir" in mail["subject"] for mail in self._mails_back()))
        eventually(lambda: any("Avoir" in mail["subject"] for mail in self.school.mails()))

    def _mails_back(self) -> list[dict[str, Any]]:
        """Those to the school that came back."""
        mails = self.school.client.operator().all(f"/v1/schools/{self.school.uai}/mails", reason="Des mails reviennent")
        return [mail for mail in mails if mail["state"] == "bounced"]

    def _settle(self, scenario: Scenario) -> None:
        """Wait until its message is where it stays until the end of its window."""
        wanted = WAITING.get((scenario.ending, scenario.status), scenario.status)
        eventually(lambda: self.states(self.requests[scenario.name]) == {0: wanted})

    def settle_mixed(self, name: str, phones: Sequence[str], seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until all of them are where they stay."""

        def waiting() -> bool:
            states = self.states(self.requests[name])
            return outcomes(phones, {phones[index]: status for index, status in states.items()}) == STILL_WAITING

        eventually(waiting, seconds)

    def states(self, request: str) -> dict[int, str]:
        """The status each message has by its record or by its group."""
        return {index: state.status for index, state in states_in(self._items(request)).items()}

    def _items(self, request: str) -> list[Item]:
        """Records and groups of a request."""
        found = self.dynamodb.get_paginator("query").paginate(
            TableName=self.table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :message)",
            ExpressionAttributeValues={":pk": {"S": f"REQUEST#{request}"}, ":message": {"S": "MESSAGE#"}},
        )
        return [from_wire(item) for page in found for item in page["Items"]]

    def _standing(self, exporting: Exporting) -> dict[str, Any]:
        """All that a message given once more could change."""
        school, phones = self.school, (self.stack.state_dir / "phones.jsonl").read_text()
        return {
            "ledger": school.ledger(),
            "orders": school.orders(),
            "invoices": school.manager.all("/v1/invoices"),
            "replies": school.manager.all("/v1/replies"),
            "mails back": self._mails_back(),
            "mails": sorted(mail["subject"] for mail in school.mails()),
            "statuses": {
                # Numbers whose provider stays down are offered again and again.
                request: {index: status.replace("claimed", "queued") for index, status in self.states(request).items()}
                for request in self.requests.values()
            },
            "received": len(phones.splitlines()),
            "export": exporting.standing(),
        }

    def end_window(self, name: str) -> None:
        """Make 72 hours be over for a request, and close it as its state machine does: until it succeeds."""
        request = self.requests[name]
        self._set(request, "REQUEST", "expires_at", _iso(datetime.now(UTC)))
        payload = json.dumps({"request_id": request})

        def closed() -> bool:
            return "FunctionError" not in self.functions.invoke(FunctionName=self.closing, Payload=payload)

        eventually(closed)

    def close(self) -> None:
        """End every window, and read what became of each phone."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(self.end_window, self.requests))
        self.statuses = {each["phone"]: each["status"] for each in self.school.history()}

    def _end_lease(self, request: str) -> bool:
        """Whether a claim was found and made to be outdated: that of an `uncertain` message too, because its provider's
        "never had it" counts from a minute after the claim ended."""
        found = self.states(request).get(0) in ("claimed", "uncertain")
        if found:
            for item in self._items(request):
                self._set(request, item["sk"], "lease_until", LONG_AGO)
        return found

    def _set(self, request: str, sk: str, name: str, value: str) -> None:
        self.dynamodb.update_item(
            TableName=self.table,
            Key={"pk": {"S": f"REQUEST#{request}"}, "sk": {"S": sk}},
            UpdateExpression=f"SET {name} = :value",
            ExpressionAttributeValues={":value": {"S": value}},
        )


@contextmanager
def fault_line(state_dir: Path, packs: int) -> Iterator[FaultLine]:
    """A school with that many packs of 1,000 SMS, on a stack of its own."""
    with proxying() as proxy:
        stack = Stack(state_dir, functions_via=proxy.url, save_pause_seconds=NOBODY_KILLS_IT)
        proxy.cloud, proxy.network = stack.aws_endpoint, stack.url
        with stack:
            give_again_soon(stack)
            yield open_line(stack, proxy, packs)


def open_line(stack: Stack, proxy: FaultProxy, packs: int) -> FaultLine:
    """A school with that many packs of 1,000 SMS on a stack that runs."""
    school = SchoolPlayer(Client(stack.url, stack.smtp_port), 1)
    gone = {"name": "Partie Ailleurs", "email": f"bounce-{school.uai.lower()}@college.test"}
    assert school.register(managers=[*school.registration()["managers"], gone]).status == 201
    school.credit(P1000=packs)
    dynamodb, functions = aws(stack, "dynamodb"), aws(stack, "lambda", config=PATIENT)
    tables = dynamodb.list_tables()["TableNames"]
    listed = functions.get_paginator("list_functions").paginate()
    names = [each["FunctionName"] for page in listed for each in page["Functions"]]
    [table] = [each for each in tables if "HistoryTable" in each]
    [closing] = [each for each in names if "ExpireMessages" in each]
    return FaultLine(stack, proxy, school, dynamodb, functions, table, closing, receipt_secret(stack))


def _said(part: str, words: Mapping[str, str]) -> str:
    """`part` of a step with its words in place."""
    for name, word in words.items():
        part = part.replace(f"{{{name}}}", word)
    return part


def give_again_soon(stack: Stack) -> None:
    """Let the queues of pages and receipts give what a killed function had again after seconds."""
    sqs = aws(stack, "sqs")
    for url in sqs.list_queues()["QueueUrls"]:
        if any(f"-{name}-" in url for name in ("QueuedMessages", "Receipts", "SmsEvents")):
            sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": str(GIVEN_AGAIN_SECONDS)})


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
