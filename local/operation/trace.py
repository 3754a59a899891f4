"""`make trace`: the whole life of one request, message or order, from the tables and the logs, oldest first.

`REQUEST` is the id of a request or of one message (`<request>-<index>`), `ORDER` that of an order. Ids, codes and
counts only: no number, no name, no text, no address. Where it lies among the dead letters, or waits in a queue that is
not read, the trace says so with what to type.
"""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from botocore.exceptions import BotoCoreError, ClientError

from local.machine.settings import UnusableSetting
from local.operation.deployed.log_lines import lines_about
from local.operation.deployed.places import OF_ORDERS, OF_REQUESTS, places_of
from local.operation.deployed.stack import Deployed, NotDeployed, deployed
from schoolsms.bootstrap.shared import stores
from schoolsms.domain.errors import TransientError
from schoolsms.domain.french import PARIS
from schoolsms.domain.history.message_lives import life_of
from schoolsms.domain.ids import split_message_id
from schoolsms.domain.orders.billing.invoices import Invoice
from schoolsms.domain.orders.orders import Order
from schoolsms.domain.schools.stock.ledger import Entry, debit_id
from schoolsms.domain.sending.send_requests import Line, SendRequest, id_of


class NotFound(Exception):
    """Nothing of that id is in the tables; the message says what."""


@dataclass(frozen=True)
class Step:
    """One thing that happened: when, what says so (a table, or a function's log), and what.

    Of a `day` the time is not known; `at` is then a moment of it that is not before what led to it.
    """

    at: datetime
    source: str
    says: str
    day: date | None = None

    def shown(self) -> str:
        when = f"{self.day}" if self.day else f"{self.at:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
        return f"{when:24}  {self.source:22}  {self.says}"


def of_request(request_id: str, index: int | None = None) -> Iterator[Step]:
    """Steps that the tables know of a request, or of its message at `index`. Raises `NotFound`."""
    requests = stores.send_requests()
    request = requests.get(request_id)
    if request is None:
        raise NotFound(f"there is no request {request_id}: it never was, or its school year was purged")
    yield Step(request.accepted_at, "history", f"request accepted: school={request.school} {_figures(request)}")
    if request.scheduled:
        yield Step(request.due_at, "history", f"request due: started={request.started}")
    if request.cancelled and request.cancelled_at:
        yield Step(request.cancelled_at, "history", "request cancelled")
    yield Step(request.expires_at, "history", "window ends")
    yield from _entries_of(request, index)
    if index is None:
        yield from _messages_of(request)
        return
    lines = [line for page in range(request.pages) for line in requests.lines(request, page) if line.index == index]
    if not lines:
        raise NotFound(f"request {request_id} has no message {index}: its recipient was refused, or there was none")
    yield from _life_of(request, lines[0])


def of_order(order_id: str) -> Iterator[Step]:
    """Steps that the tables know of an order. Raises `NotFound`."""
    order = stores.orders().get(order_id)
    if order is None:
        raise NotFound(f"there is no order {order_id}: its mail may lie in InboundMailsDead, see make status")
    reasons = ",".join(reason.code for reason in order.reasons) or "none"
    yield Step(
        order.received_at, "orders", f"order received: school={order.school} mail={order.mail_id} reasons={reasons}"
    )
    yield Step(order.deadline, "orders", f"deadline of its 24 working hours; the order is {order.state}")
    if order.decision:
        yield Step(order.decision.at, "orders", f"decided by a person: {order.decision.kind}")
    if order.credited_at:
        yield Step(order.credited_at, "orders", f"order credited: sms={order.sms}")
    if entry := stores.ledger().entry(order.school, f"credit:{order.id}"):
        yield _step_of(entry)
    yield from _papers_of(order)


def _papers_of(order: Order) -> Iterator[Step]:
    invoice = stores.invoices().of_order(order.id)
    while invoice:
        yield from _paper_of(invoice, order.credited_at or order.received_at)
        invoice = stores.invoices().get(invoice.replaces.number) if invoice.replaces else None


def _paper_of(invoice: Invoice, credited_at: datetime) -> Iterator[Step]:
    """Papers have days; each follows what led to it on the same day."""
    step = _on(invoice.issued_on, credited_at, f"invoice numbered: number={invoice.number}")
    yield step
    if invoice.deposited_on:
        says = f"invoice mailed: number={invoice.number} due_on={invoice.due_on}"
        step = _on(invoice.deposited_on, step.at, says)
        yield step
    for payment in invoice.payments:
        what = "payment" if payment.amount_cents > 0 else "given back"
        yield _on(payment.paid_on, step.at, f"{what}: cents={abs(payment.amount_cents)}")
    if invoice.cancellation:
        says = f"invoice cancelled: credit_note={invoice.credit_note or 'none yet'}"
        yield _on(invoice.cancellation.on, step.at, says)


def _entries_of(request: SendRequest, index: int | None) -> Iterator[Step]:
    ledger = stores.ledger()
    if debit := ledger.entry(request.school, debit_id(request.id)):
        yield _step_of(debit)
    for entry in ledger.entries_named(request.school, f"release:{request.id}"):
        if index is None or entry.id in (f"release:{request.id}", f"release:{request.id}-{index}") or ".." in entry.id:
            yield _step_of(entry)


def _messages_of(request: SendRequest) -> Iterator[Step]:
    """How many messages have each final status, at the moment the last one got it; how many none yet, as of now."""
    states = list(stores.send_requests().states(request.id).values())
    counts = Counter(state.shown() for state in states)
    if not request.cancelled and len(states) < request.accepted:
        counts["queued"] += request.accepted - len(states)
    for status, count in counts.items():
        ends = [state.final_at for state in states if state.shown() == status and state.final_at]
        if ends:
            yield Step(max(ends), "history", f"messages {status}: {count} of {request.accepted}, the last one here")
        else:
            yield Step(datetime.now(UTC), "history", f"messages still {status}: {count} of {request.accepted}")


def _life_of(request: SendRequest, line: Line) -> Iterator[Step]:
    state = stores.send_requests().states(request.id, line.index, line.index).get(line.index)
    name = id_of(request, line)
    for event in life_of(request, line, state).events:
        if event.kind not in ("accepted", "scheduled"):  # as the request says
            about = " ".join(filter(None, (event.provider, event.status)))
            yield Step(event.at, "history", f"message {event.kind}: {name} {about}".rstrip())
    status = state.status if state else "queued, without a record"
    reason = f" reason={state.reason}" if state and state.reason else ""
    at = state.final_at if state and state.final_at else request.expires_at
    yield Step(at, "history", f"message is {status}: {name} cost_sms={line.cost_sms}{reason}")


def _figures(request: SendRequest) -> str:
    return f"accepted={request.accepted} refused={request.refused} cost_sms={request.cost_sms} pages={request.pages}"


def _step_of(entry: Entry) -> Step:
    says = f"entry {entry.seq}: {entry.id} sms={entry.amount} balance_after={entry.balance_after}"
    return Step(entry.at, "ledger", says)


def _on(day: date, after: datetime, says: str) -> Step:
    """A step of which the day is known, in Paris, and what it came after."""
    return Step(max(datetime.combine(day, time(), PARIS).astimezone(UTC), after), "invoices", says, day)


def traced(stack: Deployed, environ: Mapping[str, str]) -> tuple[list[Step], list[str]]:
    """All steps, oldest first, and what could not be read. Raises `UnusableSetting`, `NotDeployed`, `NotFound`."""
    request, order = environ.get("REQUEST", "").strip(), environ.get("ORDER", "").strip()
    if bool(request) == bool(order):
        raise UnusableSetting("say what to trace: make trace REQUEST=…, the id of a request or a message, or ORDER=…")
    stack.act_as_function()
    steps: list[Step] = []
    unread: list[str] = []

    def read(source: str, found: Iterable[Step]) -> None:
        try:
            for step in found:
                steps.append(step)  # those before an error are kept
        except (TransientError, BotoCoreError, ClientError) as error:
            unread.append(f"{source} could not be read ({_reason(error)})")

    read("the tables", of_request(*(split_message_id(request) or (request, None))) if request else of_order(order))
    if steps:
        since = min(step.at for step in steps)
        names = dict.fromkeys((request.partition("-")[0], request) if request else (order,))
        read("the logs", _logged(stack, names, since))
        read("the logs of receipts", _receipts_taken(stack, list(steps), since))
        read("the queues", _waiting(stack, request, order))
    return sorted(steps, key=lambda step: step.at), unread


def _reason(error: Exception) -> str:
    if isinstance(error, TransientError):
        return str(error)
    code = error.response.get("Error", {}).get("Code") if isinstance(error, ClientError) else None
    return code or type(error).__name__


def _logged(stack: Deployed, names: Iterable[str], since: datetime) -> Iterator[Step]:
    for name in names:
        yield from (Step(line.at, line.function, line.says) for line in lines_about(stack, name, since))


def _receipts_taken(stack: Deployed, steps: Sequence[Step], since: datetime) -> Iterator[Step]:
    """The receipts as their providers brought them: by the provider's id, to which one that was recorded ties ours."""
    ids = dict.fromkeys(re.findall(r"\bprovider_message=(\S+)", " ".join(step.says for step in steps)))
    yield from (step for step in _logged(stack, ids, since) if step.source == "AcceptReceipts")


def _waiting(stack: Deployed, request: str, order: str) -> Iterator[Step]:
    """Where it is now, if it is in a queue that does not go on."""
    now = datetime.now(UTC)
    if request:
        yield from (Step(now, *place) for place in places_of(stack, OF_REQUESTS, [request]))
        return
    found, invoice = stores.orders().get(order), stores.invoices().of_order(order)
    things = [order, *([found.mail_id] if found else ()), *([invoice.number] if invoice else ())]
    yield from (Step(now, *place) for place in places_of(stack, OF_ORDERS, things))


def main(environ: Mapping[str, str] = os.environ) -> int:
    """Trace what the settings say; the exit code."""
    try:
        steps, unread = traced(deployed(environ), environ)
    except (UnusableSetting, NotDeployed, NotFound) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    for step in steps:
        print(step.shown(), flush=True)
    if unread:
        print(f"error: {'; '.join(unread)}", file=sys.stderr)
    return 1 if unread else 0


if __name__ == "__main__":
    sys.exit(main())
