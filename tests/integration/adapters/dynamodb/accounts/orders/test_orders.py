"""Orders keep to the states that may follow each other; mails and notices are remembered (R8, R10-R12, R48)."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any, get_args

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.accounts import listings
from schoolsms.adapters.dynamodb.accounts.orders.orders import DynamoNotices, DynamoOrders
from schoolsms.adapters.dynamodb.client.codec import to_wire
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.domain.errors import TransientError
from schoolsms.domain.orders.orders import REPLACEABLE, Alteration, Delivery, MailRecord, Order, OrderState
from schoolsms.domain.orders.review.openings import Opening
from schoolsms.domain.orders.review.order_reasons import Reason
from schoolsms.domain.orders.review.unusual_orders import LatelyMade, MadeOrder, OrderedMeanwhile
from tests.integration.conftest import ACCOUNTS
from tests.support.builders import MANAGER, NOW, ORDER_ID, OTHER_UAI, UAI, order
from tests.support.faults.interrupted_transactions import a_conflict, before_transactions

STATES: tuple[OrderState, ...] = get_args(OrderState)
REASONS = (Reason("field-missing", "place_and_date"), Reason("signature-missing"))


def a_mail_record(**changes: Any) -> MailRecord:
    record = MailRecord(
        id="MAIL1",
        key="inbound/o3vrnil0e2ic28trm7dfhrc2v0clambda4nbp0g1",
        order_id=ORDER_ID,
        sender=MANAGER,
        message_id="<1@lycee.test>",
        received_at=NOW,
        outcome="incomplete",
        reasons=REASONS,
        answerable=True,
    )
    return replace(record, **changes)


def test_an_order_is_read_back_as_it_was_recorded(orders: DynamoOrders) -> None:
    full = order(
        state="review",
        reasons=REASONS,
        read={"school_name": "Lycée Paul Valéry", "qty_P1000": "²", "contact_role": ""},
        form_key="received/BC26-ABCDEFGHIJ/MAIL1",
        alterations=(Alteration("page ajoutée", 2, "received/BC26-ABCDEFGHIJ/MAIL1-alteration-1.png"), Alteration("?")),
    )

    assert orders.record(full) == full
    assert orders.get(ORDER_ID) == full


def test_an_order_recorded_before_there_were_pictures_is_read(orders: DynamoOrders, dynamodb: DynamoDBClient) -> None:
    orders.record(order())
    key = to_wire({"pk": f"ORDER#{ORDER_ID}", "sk": "ORDER"})
    dynamodb.update_item(TableName=ACCOUNTS, Key=key, UpdateExpression="REMOVE alterations")

    assert orders.get(ORDER_ID) == order()


def test_an_order_that_nobody_sent_is_not_there(orders: DynamoOrders) -> None:
    assert orders.get(ORDER_ID) is None


@pytest.mark.parametrize(("before", "after"), list(product(STATES, STATES)))
def test_only_states_that_may_follow_replace_an_order(
    orders: DynamoOrders, before: OrderState, after: OrderState
) -> None:
    first, second = order(state=before, mail_id="MAIL1"), order(state=after, mail_id="MAIL2")
    orders.record(first)
    kept = second if before in REPLACEABLE[after] else first

    assert orders.record(second, "MAIL1") == kept
    assert orders.get(ORDER_ID) == kept


def test_an_order_accepted_stays_so_whatever_is_mailed_after(orders: DynamoOrders) -> None:
    """R8, R11, by hand: the table under test says the same."""
    accepted = order(mail_id="MAIL1")
    orders.record(accepted)

    assert [orders.record(order(state=later, mail_id="MAIL2")) for later in STATES if later != "credited"] == (
        [accepted] * 6
    )


def test_a_review_is_not_written_over_one_of_a_mail_that_came_since(orders: DynamoOrders) -> None:
    first, second = order(state="review", mail_id="MAIL1"), order(state="review", mail_id="MAIL2")
    assert orders.record(first) == first
    assert orders.record(second) == first
    assert orders.record(second, "MAIL1") == second
    assert orders.record(second) == second
    accepted = order(mail_id="MAIL3")
    assert orders.record(accepted) == accepted


def test_orders_are_listed_by_state_oldest_first(orders: DynamoOrders) -> None:
    second = order(id="BC26-B", state="review", received_at=NOW + timedelta(hours=1))
    first = order(id="BC26-C", state="review")
    for each in (second, first, order(id="BC26-A")):
        orders.record(each)

    assert orders.in_state("review", None).items == [first, second]
    assert orders.in_state("rejected", None).items == []


def test_orders_are_listed_by_school_newest_first(orders: DynamoOrders) -> None:
    older, newer = order(id="BC26-A"), order(id="BC26-B", received_at=NOW + timedelta(hours=1))
    nobodys = order(id="M-MAIL1", school="", state="review")
    for each in (older, newer, order(id="BC26-C", school=OTHER_UAI), nobodys):
        orders.record(each)

    assert orders.of_school(UAI, None).items == [newer, older]
    assert [each.id for each in orders.of_school(OTHER_UAI, None).items] == ["BC26-C"]


@pytest.mark.parametrize("listing", ["school", "state"])
def test_a_list_goes_on_from_its_cursor(orders: DynamoOrders, listing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listings, "PAGE", 2)
    # The same moment: the order id keeps them apart.
    recorded = [orders.record(order(id=f"BC26-{number}")) for number in range(5)]

    found: list[Order] = []
    cursor = None
    for _ in range(10):
        piece = orders.of_school(UAI, cursor) if listing == "school" else orders.in_state("accepted", cursor)
        found += piece.items
        cursor = piece.cursor
        if cursor is None:
            break

    assert found == (recorded[::-1] if listing == "school" else recorded)


def test_what_became_of_a_mail_is_kept(orders: DynamoOrders) -> None:
    orders.record_mail(a_mail_record())
    orders.record_mail(a_mail_record(id="MAIL2", sender="", message_id="", reasons=(), answerable=False))

    assert orders.mail("MAIL1") == a_mail_record()
    assert orders.mail("MAIL2") == a_mail_record(id="MAIL2", sender="", message_id="", reasons=(), answerable=False)
    assert orders.mail("MAIL3") is None


def test_a_notice_is_claimed_by_one(notices: DynamoNotices) -> None:
    assert notices.claim("credit:1", NOW)
    with pytest.raises(TransientError):
        notices.claim("credit:1", NOW)
    assert notices.claim("credit:2", NOW)


def test_a_notice_sent_is_never_claimed_again(notices: DynamoNotices) -> None:
    notices.claim("credit:1", NOW)
    notices.sent("credit:1")

    assert not notices.claim("credit:1", NOW)
    assert not notices.claim("credit:1", NOW + timedelta(days=365))


def test_after_a_death_with_a_claim_the_next_run_takes_over(notices: DynamoNotices) -> None:
    lease = DynamoNotices.LEASE
    notices.claim("credit:1", NOW)

    with pytest.raises(TransientError):
        notices.claim("credit:1", NOW + lease)
    assert notices.claim("credit:1", NOW + lease + timedelta(milliseconds=1))
    with pytest.raises(TransientError):
        notices.claim("credit:1", NOW + 2 * lease)


def test_a_missing_table_is_no_transient_fault(dynamodb: DynamoDBClient) -> None:
    """Trying again would not help: the dead-letter queue's alarm tells somebody."""
    with pytest.raises(dynamodb.exceptions.ResourceNotFoundException):
        DynamoOrders(Table(dynamodb, "no-such-table")).get(ORDER_ID)


def test_replies_to_an_address_are_counted_once_each_up_to_the_most(notices: DynamoNotices) -> None:
    day, next_day = date(2026, 11, 23), date(2026, 11, 24)
    assert [notices.is_within_cap("ADDRESS", day, f"N{number}", 2) for number in (1, 2, 3, 2, 1)] == [
        *(True, True, False),
        *(True, True),  # delivered again
    ]
    assert notices.is_within_cap("OTHER", day, "N3", 2)
    assert notices.is_within_cap("ADDRESS", next_day, "N3", 2)


def test_an_accepted_order_is_among_those_made_lately_once_it_is_recorded(orders: DynamoOrders) -> None:
    assert orders.lately_made(UAI) == LatelyMade()
    first, second = order(), order(id="BC26-SECOND", ht_cents=4_500)
    for each in (first, second, first):
        orders.record(each)
    orders.record(order(id="BC26-REVIEW", state="review"))
    orders.record(order(id="BC26-OTHER", school=OTHER_UAI))
    assert orders.lately_made(UAI) == LatelyMade(
        2, (MadeOrder(ORDER_ID, NOW, 17_000), MadeOrder("BC26-SECOND", NOW, 4_500))
    )


def test_an_order_weighed_before_another_was_made_is_not_recorded(orders: DynamoOrders) -> None:
    """R13: of two that are judged at once, one is weighed again."""
    weighed = orders.lately_made(UAI)
    orders.record(order(), lately=weighed)
    with pytest.raises(OrderedMeanwhile):
        orders.record(order(id="BC26-SECOND"), lately=weighed)
    assert orders.get("BC26-SECOND") is None
    again = orders.lately_made(UAI)
    orders.record(order(id="BC26-SECOND"), lately=again)
    with pytest.raises(OrderedMeanwhile):
        orders.record(order(id="BC26-THIRD"), lately=again)


def test_an_order_accepted_before_stands_whatever_was_made_since(orders: DynamoOrders) -> None:
    weighed = orders.lately_made(UAI)
    orders.record(order(), lately=weighed)
    assert orders.record(order(mail_id="MAIL2"), lately=weighed) == order()
    assert orders.lately_made(UAI).version == 1


def test_the_first_delivery_of_a_mail_stands(orders: DynamoOrders) -> None:
    first, second = Delivery("inbound/first", NOW), Delivery("inbound/second", NOW + timedelta(minutes=5))
    assert orders.first_delivery("CONTENT", first) == first
    assert orders.first_delivery("CONTENT", second) == first
    assert orders.first_delivery("OTHER", second) == second


def test_two_orders_of_a_school_written_at_once_are_weighed_again(
    orders: DynamoOrders, dynamodb: DynamoDBClient
) -> None:
    """DynamoDB refuses one of two transactions at once: SQS need not bring that mail again half an hour later."""

    def conflicting() -> DynamoOrders:
        return DynamoOrders(Table(before_transactions(dynamodb, a_conflict), ACCOUNTS))

    with pytest.raises(OrderedMeanwhile):
        conflicting().record(order(), lately=LatelyMade())
    with pytest.raises(TransientError):
        conflicting().record(order(state="review"))
    assert orders.get(ORDER_ID) is None
    assert conflicting().record(order()) == order()


def test_who_opened_an_order_is_kept_a_person_once_and_leaves_the_order_alone(orders: DynamoOrders) -> None:
    orders.record(order(state="review"))
    first, second = Opening("kosmos-1", "a@kosmos.test", NOW), Opening("kosmos 2", "", NOW + timedelta(minutes=1))
    for opening in (second, first, second):
        orders.record_opening(order().id, opening)
    assert orders.openings(order().id) == [second, first]
    again = replace(first, at=NOW + timedelta(hours=1))
    orders.record_opening(order().id, again)
    assert orders.openings(order().id) == [again, second]
    assert orders.get(order().id) == order(state="review")
    assert orders.openings("BC26-OTHER") == []
