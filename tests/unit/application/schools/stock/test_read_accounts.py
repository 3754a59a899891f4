from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from schoolsms.application.ports.core import Slice
from schoolsms.application.schools.stock.read_accounts import Profile, ReadAccounts
from schoolsms.domain.errors import NotFoundError
from schoolsms.domain.orders.orders import Order
from schoolsms.domain.orders.pack_in_use import Lot, LotLeft
from schoolsms.domain.orders.packs import DEFAULT_PRICE_LIST, Pack
from schoolsms.domain.schools.access import Caller, Forbidden
from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.stock.ledger import Entry, credit, debit
from tests.fakes.core import FakeLedger, FakeSchools, ManualClock
from tests.fakes.maintenance import FakeMaintenance
from tests.fakes.orders.orders import FakeOrders
from tests.fakes.schools.pack_checkpoints import packs_of
from tests.support.builders import A_MANAGER, A_SENDER, NOW, OPERATOR, OTHER_UAI, SCHOOL, STRANGER, UAI, order
from tests.support.faults.fault_injection import interrupted

NOBODY = Caller("", "", "", frozenset())


def accounts_of(schools: FakeSchools, ledger: FakeLedger, orders: FakeOrders, now: datetime = NOW) -> ReadAccounts:
    return ReadAccounts(schools, ledger, orders, ManualClock(now), packs_of(ledger, orders), FakeMaintenance())


def reading(*orders: Order, gifts: int = 0) -> ReadAccounts:
    ledger = FakeLedger()
    for number in range(gifts):
        ledger.give(UAI, 10, NOW + timedelta(minutes=number))
    schools = FakeSchools(SCHOOL, replace(SCHOOL, uai=OTHER_UAI))
    return accounts_of(schools, ledger, FakeOrders(*orders))


def with_packs(*, spent: int, packs: tuple[Pack, ...] = DEFAULT_PRICE_LIST) -> ReadAccounts:
    """A school that ordered 500 SMS, then 1,000, and sent some."""
    orders = [
        order(id="BC1", packs=packs, quantities={"P500": 1}),
        order(id="BC2", packs=packs, quantities={"P1000": 1}),
    ]
    ledger = FakeLedger()
    ledger.post(UAI, credit("BC1", 500, NOW))
    ledger.post(UAI, credit("BC2", 1_000, NOW))
    if spent:
        ledger.post(UAI, debit("R1", spent, NOW))
    return accounts_of(FakeSchools(SCHOOL), ledger, FakeOrders(*orders))


def test_managers_see_their_stock() -> None:
    """R14."""
    stock = reading(gifts=3).stock(A_MANAGER)
    assert (stock.school, stock.balance.sms) == (SCHOOL, 30)


def test_managers_and_the_operator_see_the_pack_in_use() -> None:
    """R18, §6."""
    use_case = with_packs(spent=500)
    used = LotLeft(Lot("BC2", "P1000", 8_500, 1_000), 1_000)
    assert use_case.stock(A_MANAGER).pack_in_use == used
    assert use_case.stock_of(OPERATOR, UAI).pack_in_use == used


def test_the_prices_are_those_of_the_orders_form_whatever_the_price_list_says_now() -> None:
    use_case = with_packs(spent=0, packs=(Pack("P500", 500, 3_900), Pack("P1000", 1_000, 8_500)))
    used = use_case.stock(A_MANAGER).pack_in_use
    assert used
    assert (used.lot.order_id, used.lot.price_ht_cents) == ("BC1", 3_900)


def test_an_order_that_the_list_does_not_show_yet_counts() -> None:
    """The list of a school's orders is a moment behind its ledger."""

    class Behind(FakeOrders):
        def of_school(self, uai: str, cursor: str | None) -> Slice[Order]:
            return Slice([])

    use_case = with_packs(spent=0)
    assert isinstance(use_case.orders, FakeOrders)
    use_case = replace(use_case, orders=Behind(*use_case.orders.known.values()))
    used = use_case.stock(A_MANAGER).pack_in_use
    assert used
    assert used.lot.pack == "P500"


def test_what_is_posted_while_the_stock_is_read_is_left_to_the_next_reading() -> None:
    """Else the packs' remains would not sum to the balance beside them."""
    use_case = with_packs(spent=1)
    assert isinstance(use_case.ledger, FakeLedger)
    ledger = interrupted(use_case.ledger, after={"balance": lambda: posted.append(spend())})
    posted: list[Entry] = []

    def spend() -> Entry:
        return use_case.ledger.post(UAI, debit("R2", 400, NOW))  # type: ignore[attr-defined, no-any-return]

    stock = replace(use_case, ledger=ledger).stock(A_MANAGER)
    assert stock.pack_in_use
    assert (stock.balance.sms, stock.pack_in_use.remaining_sms) == (1_499, 499)
    assert len(posted) == 1


def test_managers_see_the_contract_that_runs_and_that_none_does_in_a_year_without_an_order() -> None:
    """§4 over §2: what is left of an earlier year stays in the stock while no contract runs."""
    use_case = with_packs(spent=1)
    contract = use_case.stock(A_MANAGER).contract
    assert contract
    assert contract.school_year == "2026-27"

    later = replace(use_case, clock=ManualClock(datetime(2027, 9, 2, tzinfo=UTC)))
    stock = later.stock(A_MANAGER)
    assert stock.contract is None
    assert stock.balance.sms == 1_499


def test_no_pack_is_in_use_in_a_school_that_never_ordered() -> None:
    assert reading().stock(A_MANAGER).pack_in_use is None


@pytest.mark.parametrize("caller", [A_MANAGER, A_SENDER, NOBODY])
def test_the_stock_of_any_school_is_the_operators_to_see(caller: Caller) -> None:
    with pytest.raises(Forbidden):
        reading(gifts=1).stock_of(caller, UAI)
    with pytest.raises(NotFoundError):
        reading().stock_of(OPERATOR, "0070021B")


def test_a_school_that_never_ordered_has_nothing() -> None:
    assert reading().stock(A_MANAGER).balance.sms == 0


@pytest.mark.parametrize("caller", [A_SENDER, OPERATOR, NOBODY])
def test_nobody_but_managers_sees_stock_and_ledger(caller: Caller) -> None:
    """R14: senders never do."""
    use_case = reading(gifts=1)
    with pytest.raises(Forbidden):
        use_case.stock(caller)
    with pytest.raises(Forbidden):
        use_case.entries(caller, None)


def test_a_school_that_is_not_registered_has_neither_stock_nor_lists() -> None:
    use_case, lost = reading(), replace(STRANGER, school="0070021B")
    with pytest.raises(NotFoundError):
        use_case.stock(lost)
    with pytest.raises(NotFoundError):
        use_case.entries(lost, None)


def test_the_ledger_is_read_newest_first_slice_after_slice() -> None:
    use_case = reading(gifts=5)
    first = use_case.entries(A_MANAGER, None)
    second = use_case.entries(A_MANAGER, first.cursor)
    assert [entry.balance_after for entry in (*first.items, *second.items)] == [50, 40, 30, 20, 10]
    assert second.cursor is None


def test_another_school_s_ledger_is_never_read() -> None:
    """R2."""
    assert list(reading(gifts=5).entries(STRANGER, None).items) == []


# ------------------------------------------------------------------ who calls


def profile_of(caller: Caller, school: School = SCHOOL, now: datetime = NOW) -> Profile:
    return accounts_of(FakeSchools(school), FakeLedger(), FakeOrders(), now).profile(caller)


@pytest.mark.parametrize("caller", [A_MANAGER, A_SENDER])
def test_the_profile_of_a_caller_who_may_send_has_no_reason_against_it(caller: Caller) -> None:
    assert profile_of(caller) == Profile(caller, SCHOOL, None)


@pytest.mark.parametrize(
    ("school", "why_not"),
    [
        (replace(SCHOOL, state="suspended"), "school-suspended"),
        (replace(SCHOOL, state="terminated"), "school-terminated"),
        (replace(SCHOOL, subscription_end=NOW.date() - timedelta(days=1)), "subscription-ended"),
    ],
)
def test_the_profile_of_a_caller_who_may_not_send_has_the_code_of_the_refusal(school: School, why_not: str) -> None:
    profile = profile_of(A_SENDER, school)
    assert profile.why_not
    assert (profile.school, profile.why_not.code) == (school, why_not)


def test_the_operator_has_no_school_and_sends_nothing() -> None:
    profile = profile_of(OPERATOR)
    assert profile.why_not
    assert (profile.school, profile.why_not.code) == (None, "forbidden")


def test_an_operator_who_sends_for_a_school_is_shown_it() -> None:
    both = replace(A_SENDER, roles=A_SENDER.roles | {"operator"})
    assert profile_of(both) == Profile(both, SCHOOL, None)
    assert profile_of(replace(both, school="")).school is None


def test_a_manager_of_no_school_or_of_an_unknown_one_has_no_profile() -> None:
    with pytest.raises(Forbidden):
        profile_of(replace(A_MANAGER, school=""))
    with pytest.raises(NotFoundError):
        profile_of(replace(A_MANAGER, school=OTHER_UAI))
    with pytest.raises(Forbidden):
        profile_of(NOBODY)
