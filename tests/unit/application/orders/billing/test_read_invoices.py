"""Callers see the invoices that their role allows (R2, R42)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from schoolsms.application.orders.billing.read_invoices import ReadInvoices
from schoolsms.domain.errors import NotFoundError, RefusedError
from schoolsms.domain.orders.billing.invoices import Invoice
from schoolsms.domain.schools.access import Caller, Forbidden
from tests.fakes.core import FakeSchools, ManualClock
from tests.fakes.orders.invoices import TODAY, FakeCreditNotes, FakeInvoices, FakePapers, invoice
from tests.support.builders import A_MANAGER, A_SENDER, NOW, OPERATOR, OTHER_UAI, SCHOOL, STRANGER, UAI

NUMBER = "2026-000001"


def reader(*invoices: Invoice, days: int = 0) -> ReadInvoices:
    """The use case, `days` after today."""
    papers = FakePapers({each.number: b"%PDF" for each in invoices if each.state != "numbered"})
    schools = FakeSchools(SCHOOL, replace(SCHOOL, uai=OTHER_UAI))
    known, clock = FakeInvoices(*invoices), ManualClock(NOW + timedelta(days=days))
    return ReadInvoices(schools, known, FakeCreditNotes(known), papers, clock)


def numbers(found: Any) -> list[str]:
    return [each.number for each in found.items]


def test_a_manager_lists_the_invoices_of_their_own_school_only() -> None:
    """R2: and none that is still being made."""
    read = reader(invoice(), invoice("2026-000002", state="numbered", deposited_on=None))
    assert numbers(read.list_invoices(A_MANAGER, None, None)) == [NUMBER]
    assert numbers(read.list_invoices(STRANGER, None, None)) == []


def test_a_manager_lists_those_of_the_school_by_how_they_stand() -> None:
    others = [invoice(f"2026-0000{number}", state="paid") for number in range(10, 17)]
    late, open_still = invoice(), invoice("2026-000002", deposited_on=TODAY + timedelta(days=5))
    read = reader(late, open_still, *others, days=31)
    assert numbers(read.list_invoices(A_MANAGER, "overdue", None)) == [late.number]
    assert numbers(read.list_invoices(A_MANAGER, "due", None)) == [open_still.number]
    assert numbers(read.list_invoices(STRANGER, "paid", None)) == []
    paid, cursor = [], None
    while True:
        piece = read.list_invoices(A_MANAGER, "paid", cursor)
        paid += numbers(piece)
        cursor = piece.cursor
        if cursor is None:
            break
    assert paid == sorted((each.number for each in others), reverse=True)


@pytest.mark.parametrize("caller", [A_MANAGER, OPERATOR])
def test_a_way_to_stand_that_does_not_exist_is_refused(caller: Caller) -> None:
    with pytest.raises(RefusedError) as refused:
        reader(invoice()).list_invoices(caller, "lost", None)
    assert refused.value.code == "unknown-state"


def test_a_school_that_is_not_registered_has_no_list() -> None:
    with pytest.raises(NotFoundError):
        reader().list_invoices(replace(STRANGER, school="0070021B"), None, None)


def test_the_operator_lists_invoices_by_how_they_stand() -> None:
    """R42."""
    read = reader(
        invoice(),
        invoice("2026-000002", state="paid"),
        invoice("2026-000003", deposited_on=TODAY + timedelta(days=5)),
        days=31,
    )
    assert numbers(read.list_invoices(OPERATOR, "overdue", None)) == [NUMBER]
    assert numbers(read.list_invoices(OPERATOR, "due", None)) == ["2026-000003"]
    assert numbers(read.list_invoices(OPERATOR, None, None)) == ["2026-000003"]
    assert numbers(read.list_invoices(OPERATOR, "paid", None)) == ["2026-000002"]


def test_the_operator_lists_the_invoices_of_one_school() -> None:
    read = reader(invoice(), invoice("2026-000002", state="paid"))
    assert set(numbers(read.list_invoices(OPERATOR, None, None, UAI))) == {NUMBER, "2026-000002"}
    assert numbers(read.list_invoices(OPERATOR, "paid", None, UAI.lower())) == ["2026-000002"]
    assert numbers(read.list_invoices(OPERATOR, None, None, STRANGER.school)) == []
    assert set(numbers(read.list_invoices(A_MANAGER, None, None, UAI))) == {NUMBER, "2026-000002"}


@pytest.mark.parametrize(("caller", "named"), [(A_MANAGER, STRANGER.school), (OPERATOR, "0070021B"), (OPERATOR, "x")])
def test_the_invoices_of_another_school_or_of_none_are_not_found(caller: Caller, named: str) -> None:
    """R2."""
    with pytest.raises(NotFoundError):
        reader(invoice()).list_invoices(caller, None, None, named)


@pytest.mark.parametrize("caller", [A_MANAGER, OPERATOR])
def test_a_manager_and_the_operator_read_the_pdf(caller: Caller) -> None:
    assert reader(invoice()).document(caller, NUMBER) == b"%PDF"


@pytest.mark.parametrize("number", [NUMBER, "2026-000002", "2026-000009"])
def test_another_schools_invoice_does_not_exist(number: str) -> None:
    """R2."""
    read = reader(invoice(), invoice("2026-000002", state="numbered"))
    with pytest.raises(NotFoundError):
        read.document(STRANGER, number)


def test_senders_see_no_invoice() -> None:
    """R14."""
    read = reader(invoice())
    with pytest.raises(Forbidden):
        read.document(A_SENDER, NUMBER)
    with pytest.raises(Forbidden):
        read.list_invoices(A_SENDER, None, None)
