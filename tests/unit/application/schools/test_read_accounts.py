from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from schoolsms.application.schools.read_accounts import ReadAccounts
from schoolsms.domain.errors import NotFoundError, RefusedError
from schoolsms.domain.orders.orders import Order
from schoolsms.domain.schools.access import Caller, Forbidden
from tests.fakes.core import FakeLedger, FakeSchools
from tests.fakes.orders import FakeOrders
from tests.support.builders import A_MANAGER, A_SENDER, NOW, OPERATOR, ORDER_ID, OTHER_UAI, SCHOOL, STRANGER, UAI, order

NOBODY = Caller("", "", "", frozenset())


def reading(*orders: Order, gifts: int = 0) -> ReadAccounts:
    ledger = FakeLedger()
    for number in range(gifts):
        ledger.give(UAI, 10, NOW + timedelta(minutes=number))
    return ReadAccounts(FakeSchools(SCHOOL, replace(SCHOOL, uai=OTHER_UAI)), ledger, FakeOrders(*orders))


def test_managers_see_their_stock() -> None:
    """R14."""
    school, balance = reading(gifts=3).balance(A_MANAGER)
    assert (school, balance.sms) == (SCHOOL, 30)


def test_a_school_that_never_ordered_has_nothing() -> None:
    assert reading().balance(A_MANAGER)[1].sms == 0


@pytest.mark.parametrize("caller", [A_SENDER, OPERATOR, NOBODY])
def test_nobody_but_managers_sees_stock_and_ledger(caller: Caller) -> None:
    """R14: senders never do."""
    use_case = reading(gifts=1)
    with pytest.raises(Forbidden):
        use_case.balance(caller)
    with pytest.raises(Forbidden):
        use_case.entries(caller, None)


def test_a_school_that_is_not_registered_has_neither_stock_nor_lists() -> None:
    use_case, lost = reading(), replace(STRANGER, school="0070021B")
    with pytest.raises(NotFoundError):
        use_case.balance(lost)
    with pytest.raises(NotFoundError):
        use_case.entries(lost, None)
    with pytest.raises(NotFoundError):
        use_case.list_orders(lost, None, None)


def test_the_ledger_is_read_newest_first_slice_after_slice() -> None:
    use_case = reading(gifts=5)
    first = use_case.entries(A_MANAGER, None)
    second = use_case.entries(A_MANAGER, first.cursor)
    assert [entry.balance_after for entry in (*first.items, *second.items)] == [50, 40, 30, 20, 10]
    assert second.cursor is None


def test_another_school_s_ledger_is_never_read() -> None:
    """R2."""
    assert list(reading(gifts=5).entries(STRANGER, None).items) == []


def test_managers_list_the_orders_of_their_school_alone() -> None:
    """R2."""
    use_case = reading(order(id="A"), order(id="B", school=OTHER_UAI), order(id="C", school=""))
    assert [each.id for each in use_case.list_orders(A_MANAGER, None, None).items] == ["A"]
    assert [each.id for each in use_case.list_orders(STRANGER, None, None).items] == ["B"]


def test_a_manager_cannot_list_by_state_what_is_another_school_s() -> None:
    use_case = reading(order(id="B", school=OTHER_UAI, state="review"))
    assert list(use_case.list_orders(A_MANAGER, "review", None).items) == []


def test_a_manager_lists_the_orders_in_a_state_as_invoices_are_listed() -> None:
    use_case = reading(order(id="A", state="review"), order(id="B"), order(id="C", school=OTHER_UAI))
    assert [each.id for each in use_case.list_orders(A_MANAGER, "accepted", None).items] == ["B"]
    assert {each.id for each in use_case.list_orders(A_MANAGER, "", None).items} == {"A", "B"}


def test_the_operator_lists_what_waits_for_a_decision_oldest_first() -> None:
    """R12."""
    use_case = reading(
        order(id="A", state="review", received_at=NOW + timedelta(hours=1)),
        order(id="B", state="review"),
        order(id="C"),
    )
    assert [each.id for each in use_case.list_orders(OPERATOR, None, None).items] == ["B", "A"]
    assert [each.id for each in use_case.list_orders(OPERATOR, "accepted", None).items] == ["C"]


@pytest.mark.parametrize("state", ["incomplete", "review", "accepted", "credited", "rejected"])
def test_the_operator_lists_every_state(state: Any) -> None:
    use_case = reading(order(state=state))
    assert [each.id for each in use_case.list_orders(OPERATOR, state, None).items] == [ORDER_ID]


@pytest.mark.parametrize("caller", [OPERATOR, A_MANAGER])
def test_a_state_that_does_not_exist_is_refused(caller: Caller) -> None:
    with pytest.raises(RefusedError) as refused:
        reading().list_orders(caller, "paid", None)
    assert refused.value.code == "unknown-state"


def test_one_order_is_read_by_its_school_and_by_the_operator() -> None:
    use_case = reading(order())
    assert use_case.order(A_MANAGER, ORDER_ID) == order()
    assert use_case.order(OPERATOR, ORDER_ID) == order()


def test_another_school_s_order_looks_like_none() -> None:
    """R2."""
    use_case = reading(order())
    with pytest.raises(NotFoundError) as another:
        use_case.order(STRANGER, ORDER_ID)
    with pytest.raises(NotFoundError) as none:
        use_case.order(STRANGER, "BC26-NONE")
    assert another.value.detail == none.value.detail


@pytest.mark.parametrize("caller", [A_SENDER, NOBODY])
def test_nobody_else_reads_orders(caller: Caller) -> None:
    use_case = reading(order())
    with pytest.raises(Forbidden):
        use_case.order(caller, ORDER_ID)
    with pytest.raises(Forbidden):
        use_case.list_orders(caller, None, None)


def test_a_manager_without_school_reads_no_order_that_has_none() -> None:
    lost = Caller("user-7", "", "", frozenset({"sms_manager"}))
    use_case = reading(order(school=""))
    with pytest.raises(Forbidden):
        use_case.order(lost, ORDER_ID)
    with pytest.raises(Forbidden):
        use_case.list_orders(lost, None, None)
