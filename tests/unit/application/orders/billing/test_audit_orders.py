"""Orders, credits, invoices, credit notes and their numbers are held against each other (R18, R41)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from schoolsms.domain.orders.billing.invoices import Cancellation
from schoolsms.domain.schools.stock import ledger
from schoolsms.domain.schools.stock.corrections import Correction, Proposal, Step
from schoolsms.domain.schools.stock.ledger_causes import Cause
from tests.fakes.orders.invoices import TODAY, content
from tests.support.builders import NOW, ORDER_ID, OTHER_UAI, UAI
from tests.support.worlds.audit_world import AuditWorld

CREDIT = f"credit:{ORDER_ID}"
DAY = timedelta(days=1)


@pytest.fixture
def world() -> AuditWorld:
    return AuditWorld.lived()


def test_a_credit_without_its_order_is_named(world: AuditWorld) -> None:
    world.slip_in(ledger.credit("BC26-NOBODY", 10, NOW))
    assert world.findings() == {("credit-without-order", "credit:BC26-NOBODY")}


@pytest.mark.parametrize("change", [{"sms": 1_999}, {"school": OTHER_UAI}, {"state": "review"}], ids=str)
def test_a_credit_that_is_not_its_order_is_named(world: AuditWorld, change: Any) -> None:
    world.orders.known[ORDER_ID] = replace(world.orders.known[ORDER_ID], **change)
    assert ("credit-differs", CREDIT) in world.findings()


def test_a_credited_order_without_entry_or_without_invoice_is_named(world: AuditWorld) -> None:
    world.orders.known["BC26-B"] = replace(world.orders.known[ORDER_ID], id="BC26-B", credited_at=NOW)
    assert world.findings() == {("order-without-credit", "BC26-B"), ("order-without-invoice", "BC26-B")}


def test_an_invoice_has_a_day_to_follow_its_credit() -> None:
    world = AuditWorld()
    world.invoices.known.clear()
    world.clock.advance(DAY)
    assert world.findings() == set()
    world.clock.advance(timedelta(seconds=1))
    assert world.findings() == {("order-without-invoice", ORDER_ID)}


@pytest.mark.parametrize("change", [{"ht_cents": 1}, {"vat_cents": 1}, {"lines": ()}], ids=str)
def test_an_invoice_that_is_not_its_order_is_named(world: AuditWorld, change: Any) -> None:
    invoice = world.invoices.known["2026-000001"]
    world.invoices.known["2026-000001"] = replace(invoice, content=replace(invoice.content, **change))
    assert world.findings() == {("invoice-differs", "2026-000001")}


def test_a_number_that_is_missing_in_the_sequence_is_named(world: AuditWorld) -> None:
    world.numbers.given = 3
    world.invoices.known["2026-000003"] = replace(world.invoices.known["2026-000001"], number="2026-000003")
    assert ("number-missing", "2026-000002") in world.findings()


def test_a_number_after_the_last_given_one_is_named(world: AuditWorld) -> None:
    world.numbers.given = 1
    world.invoices.number(content(order_id="BC26-B"), lambda: TODAY)
    assert world.findings() == {("number-beyond", "2026-000002")}


def test_a_number_that_is_given_while_the_audit_reads_is_not_beyond(world: AuditWorld) -> None:
    papers = world.numbers.papers

    def and_another(year: int, last_rank: int) -> Any:
        if year == TODAY.year:
            world.invoices.number(content(order_id="BC26-B"), lambda: TODAY)
        return papers(year, last_rank)

    world.numbers.papers = and_another  # type: ignore[method-assign]
    assert world.findings() == set()


def test_an_order_that_is_credited_while_the_audit_reads_is_not_wrong(world: AuditWorld) -> None:
    accepted = replace(world.orders.known[ORDER_ID], id="BC26-B", state="accepted", credited_at=None)
    world.orders.known["BC26-B"] = accepted
    read = world.orders.get

    def and_credited(order_id: str) -> Any:
        order = read(order_id)
        if order == accepted:
            world.ledger.credit(accepted, ledger.credit("BC26-B", accepted.sms, NOW))
        return order

    world.orders.get = and_credited  # type: ignore[method-assign]
    world.clock.time = NOW
    assert world.findings() == set()


def test_a_second_invoice_of_an_order_and_a_date_before_the_one_before_are_named(world: AuditWorld) -> None:
    first = world.invoices.known["2026-000001"]
    world.invoices.known["2026-000002"] = replace(first, number="2026-000002", issued_on=TODAY - DAY)
    assert world.findings() == {("number-out-of-order", "2026-000002"), ("number-not-known", "2026-000002")}


def cancelled(world: AuditWorld) -> None:
    first = world.invoices.known["2026-000001"]
    world.invoices.known[first.number] = replace(first, state="cancelled", cancellation=Cancellation(TODAY, "erreur"))


def test_a_cancelled_invoice_has_its_credit_note_within_a_day(world: AuditWorld) -> None:
    world.clock.time = NOW
    cancelled(world)
    assert world.findings() == set()
    world.clock.advance(2 * DAY)
    assert world.findings() == {("invoice-without-credit-note", "2026-000001")}
    world.credit_notes.number(world.invoices.known["2026-000001"], lambda: TODAY)
    assert world.findings() == set()


def test_a_credit_note_that_gives_back_something_else_is_named(world: AuditWorld) -> None:
    cancelled(world)
    note = world.credit_notes.number(world.invoices.known["2026-000001"], lambda: TODAY)
    world.invoices.credit_notes[note.number] = replace(note, content=content(ht_cents=1))
    assert world.findings() == {("credit-note-differs", "2026-000002")}


def reissued(world: AuditWorld) -> None:
    """The first invoice is cancelled, and replaced by the third paper."""
    world.clock.time = NOW
    cancelled(world)
    note = world.credit_notes.number(world.invoices.known["2026-000001"], lambda: TODAY)
    world.credit_notes.issued(note.number)
    asked = replace(world.invoices.known["2026-000001"], reissue_asked_on=TODAY)
    world.invoices.known[asked.number] = asked
    world.invoices.number(content(), lambda: TODAY, asked)


def test_an_order_that_is_invoiced_anew_adds_up(world: AuditWorld) -> None:
    reissued(world)
    world.clock.advance(2 * DAY)
    assert world.findings() == set()


def test_a_reissue_that_was_asked_for_comes_within_a_day(world: AuditWorld) -> None:
    world.clock.time = NOW
    cancelled(world)
    world.credit_notes.number(world.invoices.known["2026-000001"], lambda: TODAY)
    asked = replace(world.invoices.known["2026-000001"], reissue_asked_on=TODAY)
    world.invoices.known[asked.number] = asked
    assert world.findings() == set()
    world.clock.advance(2 * DAY)
    assert world.findings() == {("invoice-without-reissue", "2026-000001")}


@pytest.mark.parametrize(
    ("number", "altered"),
    [
        ("2026-000001", {"state": "issued", "cancellation": None, "credit_note": ""}),
        ("2026-000001", {"replaced_by": "2026-000002"}),
        ("2026-000001", {"content": content(ht_cents=1)}),
    ],
    ids=["it stands", "it names another", "its amounts differ"],
)
def test_an_invoice_that_replaces_what_it_may_not_is_named(
    world: AuditWorld, number: str, altered: dict[str, Any]
) -> None:
    reissued(world)
    world.invoices.known[number] = replace(world.invoices.known[number], **altered)
    assert ("invoice-replaces-wrongly", "2026-000003") in world.findings()


def test_a_cancelled_invoice_that_was_replaced_keeps_its_credit_note(world: AuditWorld) -> None:
    reissued(world)
    world.invoices.credit_notes["2026-000002"] = replace(
        world.invoices.credit_notes["2026-000002"], content=content(ht_cents=1)
    )
    assert world.findings() == {("credit-note-differs", "2026-000002")}


def test_an_order_that_still_has_the_invoice_that_was_replaced_is_named(world: AuditWorld) -> None:
    reissued(world)
    replaced = world.invoices.known["2026-000001"]
    world.invoices.of_order = lambda order_id: replaced  # type: ignore[method-assign]
    assert ("invoice-replaced", "2026-000001") in world.findings()


def test_a_correction_that_nobody_decided_and_one_without_entry_are_named(world: AuditWorld) -> None:
    world.slip_in(ledger.Posting("correction:K1", "correction", 5, Cause("correction", "K1"), NOW))
    step, decided = Step("a", "a@kosmos.test", NOW, 1), Step("b", "b@kosmos.test", NOW, 2)
    world.corrections.known["K2"] = Correction("K2", UAI, Proposal(5, "erreur"), step, "confirmed", decided, 5)
    assert world.findings() == {
        ("correction-not-decided", "correction:K1"),
        ("correction-without-entry", "correction:K2"),
    }
