from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import pytest

from schoolsms.application.orders.reading.read_orders import ReadOrders
from schoolsms.domain.errors import NotFoundError, RefusedError
from schoolsms.domain.orders.orders import Order, OrderState
from schoolsms.domain.schools.access import Caller, Forbidden
from tests.fakes.core import FakeSchools
from tests.fakes.orders.orders import FakeOrders
from tests.support.builders import A_MANAGER, A_SENDER, NOW, OPERATOR, ORDER_ID, OTHER_UAI, SCHOOL, STRANGER, UAI, order

NOBODY = Caller("", "", "", frozenset())


def reading_orders(*orders: Order) -> ReadOrders:
    return ReadOrders(FakeSchools(SCHOOL, replace(SCHOOL, uai=OTHER_UAI)), FakeOrders(*orders))


def test_a_school_that_is_not_registered_has_no_list_of_orders() -> None:
    with pytest.raises(NotFoundError):
        reading_orders().list_orders(replace(STRANGER, school="0070021B"), None, None)


def test_managers_list_the_orders_of_their_school_alone() -> None:
    """R2."""
    use_case = reading_orders(order(id="A"), order(id="B", school=OTHER_UAI), order(id="C", school=""))
    assert [each.id for each in use_case.list_orders(A_MANAGER, None, None).items] == ["A"]
    assert [each.id for each in use_case.list_orders(STRANGER, None, None).items] == ["B"]


def test_a_manager_cannot_list_by_state_what_is_another_school_s() -> None:
    use_case = reading_orders(order(id="B", school=OTHER_UAI, state="review"))
    assert list(use_case.list_orders(A_MANAGER, "review", None).items) == []


def test_a_manager_lists_the_orders_in_a_state_as_invoices_are_listed() -> None:
    use_case = reading_orders(order(id="A", state="review"), order(id="B"), order(id="C", school=OTHER_UAI))
    assert [each.id for each in use_case.list_orders(A_MANAGER, "accepted", None).items] == ["B"]
    assert {each.id for each in use_case.list_orders(A_MANAGER, "", None).items} == {"A", "B"}


def test_the_operator_lists_what_waits_for_a_decision_oldest_first() -> None:
    """R12."""
    use_case = reading_orders(
        order(id="A", state="review", received_at=NOW + timedelta(hours=1)),
        order(id="B", state="review"),
        order(id="C"),
    )
    assert [each.id for each in use_case.list_orders(OPERATOR, None, None).items] == ["B", "A"]
    assert [each.id for each in use_case.list_orders(OPERATOR, "accepted", None).items] == ["C"]


@pytest.mark.parametrize("state", get_args(OrderState))
def test_the_operator_lists_every_state(state: Any) -> None:
    use_case = reading_orders(order(state=state))
    assert [each.id for each in use_case.list_orders(OPERATOR, state, None).items] == [ORDER_ID]


def test_the_operator_lists_the_orders_of_one_school() -> None:
    use_case = reading_orders(order(id="A", state="review"), order(id="B"), order(id="C", school=OTHER_UAI))
    assert {each.id for each in use_case.list_orders(OPERATOR, None, None, UAI).items} == {"A", "B"}
    assert [each.id for each in use_case.list_orders(OPERATOR, "review", None, UAI.lower()).items] == ["A"]
    assert [each.id for each in use_case.list_orders(OPERATOR, None, None, OTHER_UAI).items] == ["C"]


@pytest.mark.parametrize(("caller", "named"), [(A_MANAGER, OTHER_UAI), (OPERATOR, "0070021B"), (OPERATOR, "x")])
def test_the_orders_of_another_school_or_of_none_are_not_found(caller: Caller, named: str) -> None:
    """R2."""
    with pytest.raises(NotFoundError):
        reading_orders(order(school=OTHER_UAI)).list_orders(caller, None, None, named)


@pytest.mark.parametrize("caller", [OPERATOR, A_MANAGER])
def test_a_state_that_does_not_exist_is_refused(caller: Caller) -> None:
    with pytest.raises(RefusedError) as refused:
        reading_orders().list_orders(caller, "paid", None)
    assert refused.value.code == "unknown-state"


def test_one_order_is_read_by_its_school_and_by_the_operator() -> None:
    use_case = reading_orders(order())
    assert use_case.order(A_MANAGER, ORDER_ID) == order()
    assert use_case.order(OPERATOR, ORDER_ID) == order()


def test_another_school_s_order_looks_like_none() -> None:
    """R2."""
    use_case = reading_orders(order())
    with pytest.raises(NotFoundError) as another:
        use_case.order(STRANGER, ORDER_ID)
    with pytest.raises(NotFoundError) as none:
        use_case.order(STRANGER, "BC26-NONE")
    assert another.value.detail == none.value.detail


@pytest.mark.parametrize("caller", [A_SENDER, NOBODY])
def test_nobody_else_reads_orders(caller: Caller) -> None:
    use_case = reading_orders(order())
    with pytest.raises(Forbidden):
        use_case.order(caller, ORDER_ID)
    with pytest.raises(Forbidden):
        use_case.list_orders(caller, None, None)


def test_a_manager_without_school_reads_no_order_that_has_none() -> None:
    lost = Caller("user-7", "", "", frozenset({"sms_manager"}))
    use_case = reading_orders(order(school=""))
    with pytest.raises(Forbidden):
        use_case.order(lost, ORDER_ID)
    with pytest.raises(Forbidden):
        use_case.list_orders(lost, None, None)
