"""Orders of an unusual amount go to a person (R13)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from schoolsms.domain.orders.forms.order_forms import FormIdentity
from tests.fakes.orders.orders import FakeOrders
from tests.support.builders import FORM, NOW, ORDER_ID, OTHER_UAI, PDF, SCHOOL, UAI, mail, order, reading
from tests.support.faults.fault_injection import interrupted
from tests.support.papers.order_inbox import OrderInbox

OTHER_ID = "BC26-OTHERORDER"
LONG_AGO = NOW - timedelta(days=30)


def two_forms(first: str, second: str) -> OrderInbox:
    """Two forms of the school, for so many packs of 10,000 SMS (700 €)."""
    inbox = OrderInbox()
    inbox.forms.put(replace(FORM, order_id=OTHER_ID), b"%PDF issued second")
    inbox.documents.readings[PDF.content] = reading(qty_P1000="", qty_P10000=first)
    inbox.document(b"%PDF second", FormIdentity("filled", OTHER_ID, UAI), reading(qty_P1000="", qty_P10000=second))
    return inbox


SECOND = replace(PDF, content=b"%PDF second")


@pytest.mark.parametrize(("packs", "outcome"), [("1", "accepted"), ("2", "review")])
def test_a_school_s_first_order_above_1000_euros_goes_to_a_person(packs: str, outcome: str) -> None:
    inbox = OrderInbox()
    assert inbox.receive_form(reading(qty_P1000="", qty_P10000=packs)).outcome == outcome


def test_an_unusual_order_is_named_with_its_amount_and_not_credited() -> None:
    inbox = OrderInbox()
    record = inbox.receive_form(reading(qty_P1000="", qty_P10000="2"))
    (reason,) = record.reasons
    assert (reason.code, reason.label) == ("amount-unusual", "montant inhabituel\u00a0: 1\u00a0400,00\u00a0€ HT")
    assert (inbox.queues.orders, inbox.notice_kinds()) == ([], ["order_in_review", "order_to_review"])


def test_a_school_that_ordered_as_much_before_is_credited() -> None:
    inbox = OrderInbox()
    inbox.orders.record(order(id="BC26-BEFORE", ht_cents=70_000, state="credited", received_at=LONG_AGO))
    assert inbox.receive_form(reading(qty_P1000="", qty_P10000="3")).outcome == "accepted"


def test_what_another_school_ordered_makes_no_order_usual() -> None:
    inbox = OrderInbox(SCHOOL, replace(SCHOOL, uai=OTHER_UAI))
    inbox.orders.record(
        order(id="BC26-BEFORE", school=OTHER_UAI, ht_cents=400_000, state="credited", received_at=LONG_AGO)
    )
    assert inbox.receive_form(reading(qty_P1000="", qty_P10000="2")).outcome == "review"


def test_the_largest_of_many_orders_is_found() -> None:
    inbox = OrderInbox()
    for number in range(12):  # more than a page of the list
        at = LONG_AGO + timedelta(days=number)
        inbox.orders.record(order(id=f"BC26-{number}", ht_cents=70_000 if number == 0 else 4_500, received_at=at))
    assert inbox.receive_form(reading(qty_P1000="", qty_P10000="3")).outcome == "accepted"


def test_above_the_operator_s_limit_an_order_goes_to_a_person_whatever_was_ordered_before() -> None:
    inbox = OrderInbox()
    inbox.orders.record(order(id="BC26-BEFORE", ht_cents=490_000, state="credited", received_at=LONG_AGO))
    assert inbox.receive_form(reading(qty_P1000="", qty_P10000="8")).outcome == "review"


def test_forms_of_one_mail_count_together() -> None:
    inbox = two_forms("1", "1")
    records = inbox.receive_all(mail(PDF, SECOND))
    assert [(record.outcome, list(inbox.codes(record))) for record in records] == [("review", ["amount-unusual"])] * 2


def test_a_form_that_lacks_something_does_not_count_with_the_one_beside_it() -> None:
    inbox = two_forms("1", "1")
    inbox.documents.readings[SECOND.content] = reading("absent", qty_P1000="", qty_P10000="1")
    records = inbox.receive_all(mail(PDF, SECOND))
    assert [record.outcome for record in records] == ["accepted", "incomplete"]


def test_forms_mailed_one_after_the_other_do_not_pass_the_limit_together() -> None:
    inbox = two_forms("4", "4")
    inbox.orders.record(order(id="BC26-BEFORE", ht_cents=280_000, state="credited", received_at=LONG_AGO))
    assert inbox.receive(mail(PDF), key="mail-1").outcome == "accepted"
    assert inbox.receive(mail(SECOND), key="mail-2", at=NOW + timedelta(hours=1)).outcome == "review"


def test_an_order_that_is_judged_twice_is_not_compared_with_itself() -> None:
    inbox = two_forms("4", "1")
    inbox.orders.record(order(id="BC26-BEFORE", ht_cents=280_000, state="credited", received_at=LONG_AGO))
    first = inbox.receive(mail(PDF))
    inbox.credit_all()
    assert inbox.receive(mail(PDF)) == first
    assert inbox.orders.known[ORDER_ID].state == "credited"


def test_an_unusual_order_delivered_again_is_still_unusual() -> None:
    inbox = OrderInbox()
    first = inbox.receive_form(reading(qty_P1000="", qty_P10000="2"))
    assert inbox.receive() == first
    assert inbox.orders.known[ORDER_ID].state == "review"


def test_a_form_that_was_credited_and_comes_again_beside_a_new_one_orders_nothing() -> None:
    """A mail program that answers to a thread attaches last month's form again."""
    inbox = two_forms("1", "1")
    inbox.receive(mail(PDF), key="mail-1", at=LONG_AGO)
    inbox.credit_all()
    records = inbox.receive_all(mail(PDF, SECOND), key="mail-2")
    assert [(record.outcome, record.reasons) for record in records] == [("accepted", ()), ("accepted", ())]
    inbox.credit_all()
    assert [sms for _, sms in inbox.ledger.of_kind(UAI, "credit")] == [10_000, 10_000]
    assert inbox.notice_kinds().count("order_already_received") == 1


def test_two_forms_judged_at_once_do_not_pass_the_limit_together() -> None:
    """The second mail is judged whole between the moment when the first is weighed and the one when it is recorded."""
    inbox = two_forms("4", "4")
    inbox.orders.record(order(id="BC26-BEFORE", ht_cents=280_000, state="credited", received_at=LONG_AGO))
    inbox.put("mail-2", mail(SECOND))
    rival = inbox.ingest
    first = replace(rival, orders=interrupted(inbox.orders, after={"of_school": lambda: rival.ingest("mail-2", NOW)}))
    inbox.put("mail-1", mail(PDF))
    (record,) = first.ingest("mail-1", NOW)
    assert inbox.orders.known[OTHER_ID].state == "accepted"
    assert (record.outcome, list(inbox.codes(record))) == ("review", ["amount-unusual"])
    assert inbox.queues.orders == [OTHER_ID]


def test_an_order_accepted_a_moment_ago_counts_though_the_list_of_orders_is_behind() -> None:
    inbox = two_forms("4", "4")
    inbox.orders.record(order(id="BC26-BEFORE", ht_cents=280_000, state="credited", received_at=LONG_AGO))
    behind = FakeOrders(*inbox.orders.known.values())
    assert inbox.receive(mail(PDF), key="mail-1").outcome == "accepted"
    inbox.orders.of_school = behind.of_school  # type: ignore[method-assign]
    assert inbox.receive(mail(SECOND), key="mail-2").outcome == "review"


def test_two_forms_in_one_mail_are_accepted_together_though_each_is_recorded_alone() -> None:
    inbox = two_forms("4", "3")
    inbox.orders.record(order(id="BC26-BEFORE", ht_cents=280_000, state="credited", received_at=LONG_AGO))
    records = inbox.receive_all(mail(PDF, SECOND))
    assert [record.outcome for record in records] == ["accepted", "accepted"]
    assert [record.outcome for record in inbox.receive_all(mail(PDF, SECOND))] == ["accepted", "accepted"]


def test_what_a_person_accepted_a_moment_ago_counts() -> None:
    inbox = two_forms("4", "1")
    behind = FakeOrders(order(id="BC26-BEFORE", ht_cents=280_000, state="credited", received_at=LONG_AGO))
    inbox.orders.record(order(id="BC26-BYHAND", ht_cents=480_000, state="accepted", mail_id="MAIL9"))
    inbox.orders.of_school = behind.of_school  # type: ignore[method-assign]
    assert inbox.receive(mail(PDF)).outcome == "review"
