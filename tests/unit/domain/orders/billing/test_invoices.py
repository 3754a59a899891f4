"""Contents and due date of an invoice, and gaps in the numbering (R40-R42)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolsms.domain.orders.billing.invoice_contents import content_anew, content_of, vat_of
from schoolsms.domain.orders.billing.invoices import Buyer, InvoiceVat, invoice_number, missing_ranks, paris_day
from schoolsms.domain.schools.schools import Address
from tests.fakes.orders.invoices import SELLER, TODAY, content, invoice
from tests.support.builders import FORM, NOW, SCHOOL, order


def test_the_invoice_says_what_the_form_and_the_order_said() -> None:
    """R40, R41: the form's prices, the order's quantities, the day of the credit."""
    read = {"service_code": "COMPTA", "engagement_number": "EJ-2026-0042"}
    made = content_of(order(state="credited", credited_at=NOW, read=read), FORM, SCHOOL, SELLER)
    assert made == content()
    assert made.ttc_cents == 20_400


def test_a_second_invoice_names_the_school_as_registered_now_at_the_price_of_the_form() -> None:
    """The form may be what was wrong; a registration is checked as it comes in."""
    address = Address("2 rue  des Lilas", "75011", "Paris", "FR", "Bât. C")
    corrected = replace(SCHOOL, name="Lycée\tPaul Éluard", siret="55208131766522", address=address)
    read = {"service_code": "COMPTA", "engagement_number": "EJ-2026-0042"}
    made = content_anew(order(state="credited", credited_at=NOW, read=read), FORM, corrected, SELLER)
    known_as = Address("2 rue des Lilas", "75011", "Paris", "FR", "Bât. C")
    assert made == content(buyer=Buyer(SCHOOL.uai, "Lycée Paul Éluard", "55208131766522", known_as))


def test_an_order_whose_amounts_differ_from_its_form_is_not_invoiced() -> None:
    wrong = order(state="credited", credited_at=NOW, vat_cents=3_399)
    with pytest.raises(ValueError, match="differ"):
        content_of(wrong, FORM, SCHOOL, SELLER)


def test_an_order_that_is_not_credited_is_not_invoiced() -> None:
    with pytest.raises(ValueError, match="credited"):
        content_of(order(), FORM, SCHOOL, SELLER)


def test_what_xml_forbids_never_reaches_an_invoice() -> None:
    """A number taken has to be issued: a stray character must not stop it."""
    read = {"service_code": "A\x00B\nC\ud800", "engagement_number": "x" * 300}
    made = content_of(order(state="credited", credited_at=NOW, read=read), FORM, SCHOOL, SELLER)
    assert made.service_code == "AB C"
    assert made.engagement_number == "x" * 100


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("1 rue des Écoles\n75005 Paris", Address("1 rue des Écoles", "75005", "Paris", "FR")),
        (
            "Cité scolaire\n3 quai Sud\n13002 Marseille",
            Address("Cité scolaire", "13002", "Marseille", "FR", "3 quai Sud"),
        ),
        ("BP 12\n97600 Mamoudzou Cedex", Address("BP 12", "97600", "Mamoudzou Cedex", "FR")),
        ("quelque part", SCHOOL.address),
        ("", SCHOOL.address),
    ],
)
def test_the_buyer_has_the_address_of_the_form(printed: str, expected: Address) -> None:
    form = replace(FORM, address=printed)
    assert content_of(order(state="credited", credited_at=NOW), form, SCHOOL, SELLER).buyer.address == expected


@pytest.mark.parametrize(
    ("rate", "country", "expected"),
    [
        ("20", "FR", InvoiceVat(Decimal("20"), "S")),
        ("8.5", "RE", InvoiceVat(Decimal("8.5"), "S")),
        ("0", "YT", InvoiceVat(Decimal("0"), "E", "TVA non applicable, article 294, 1 du code général des impôts")),
        ("0", "GF", InvoiceVat(Decimal("0"), "E", "TVA non applicable, article 294, 1 du code général des impôts")),
        ("0", "NC", InvoiceVat(Decimal("0"), "O", "TVA non applicable, article 259, 1° du code général des impôts")),
        ("0.00", "PF", InvoiceVat(Decimal("0"), "O", "TVA non applicable, article 259, 1° du code général des impôts")),
        ("0", "FR", InvoiceVat(Decimal("0"), "E", "Opération exonérée de TVA")),
        ("20", "NC", InvoiceVat(Decimal("20"), "S")),
    ],
)
def test_a_rate_of_zero_always_says_why(rate: str, country: str, expected: InvoiceVat) -> None:
    """R40: 20 % in France, 8.5 % in La Réunion, none in Mayotte, outside the scope in the Pacific."""
    assert vat_of(Decimal(rate), country) == expected


def test_an_invoice_is_due_30_days_after_it_was_mailed() -> None:
    """R41: reception, not issue: a delay on our side is never the school's."""
    assert invoice().due_on == date(2026, 12, 23)
    late = invoice(deposited_on=date(2026, 11, 26))
    assert late.printed_due_on == date(2026, 12, 23)
    assert late.due_on == date(2026, 12, 26)


def test_the_due_day_itself_is_not_late() -> None:
    """R42."""
    assert invoice().standing(date(2026, 12, 23)) == "due"
    assert invoice().standing(date(2026, 12, 24)) == "overdue"
    assert invoice(state="paid").standing(date(2027, 6, 1)) == "paid"
    assert invoice(state="numbered").standing(date(2027, 6, 1)) == "numbered"


@pytest.mark.parametrize(
    ("today", "reminded", "stage"),
    [
        (date(2026, 12, 29), 0, None),
        (date(2026, 12, 30), 0, 7),
        (date(2026, 12, 30), 7, None),
        (date(2027, 1, 21), 7, None),
        (date(2027, 1, 22), 7, 30),
        (date(2027, 1, 22), 0, 30),
        (date(2027, 9, 1), 30, None),
    ],
)
def test_reminders_are_due_7_and_30_days_late(today: date, reminded: int, stage: int | None) -> None:
    """R42: once a stage, the latest only."""
    assert invoice(reminded_days=reminded).reminder_due(today) == stage
    assert invoice(reminded_days=reminded, state="paid").reminder_due(today) is None


def test_days_and_years_are_those_of_paris() -> None:
    assert paris_day(datetime(2026, 12, 31, 22, 59, tzinfo=UTC)) == date(2026, 12, 31)
    assert paris_day(datetime(2026, 12, 31, 23, 0, tzinfo=UTC)) == date(2027, 1, 1)
    assert paris_day(NOW) == TODAY


def test_numbers_start_anew_each_year() -> None:
    assert [invoice_number(2026, 1), invoice_number(2027, 1_234_567)] == ["2026-000001", "2027-1234567"]


@given(st.sets(st.tuples(st.sampled_from((2026, 2027)), st.integers(1, 40))))
def test_every_gap_in_the_numbers_is_found(taken: set[tuple[int, int]]) -> None:
    """R41."""
    missing = missing_ranks([invoice_number(*each) for each in taken])
    assert not {invoice_number(*each) for each in taken}.intersection(missing)
    for year in {year for year, _ in taken}:
        last = max(rank for each, rank in taken if each == year)
        of_year = [each for each in missing if each.startswith(f"{year}-")]
        assert len(of_year) + sum(each == year for each, _ in taken) == last
