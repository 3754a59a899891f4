"""A manager stops one user: recorded, at acceptance and for what is not handed over (R25, R26)."""

from dataclasses import replace

import pytest

from schoolsms.application.schools.decisions.block_senders import BlockSenders
from schoolsms.application.schools.stock.read_accounts import ReadAccounts
from schoolsms.domain.errors import ConflictError, NotFoundError, RefusedError, SenderBlocked
from schoolsms.domain.schools.access import Caller, Forbidden
from schoolsms.domain.schools.decisions.school_acts import Act
from schoolsms.domain.schools.schools import MOST_BLOCKED_SENDERS, BlockedSender
from tests.fakes.orders.orders import FakeOrders
from tests.fakes.schools.pack_checkpoints import packs_of
from tests.support.builders import A_MANAGER, A_SENDER, NOW, OPERATOR, SCHOOL, STRANGER, UAI
from tests.support.faults.fault_injection import interrupted
from tests.support.sending import Sending, phones
from tests.support.worlds.decision_desk import ActDesk

BLOCKED = BlockedSender(A_SENDER.subject, NOW, A_MANAGER.subject)


@pytest.fixture
def desk() -> ActDesk:
    return ActDesk()


def test_a_manager_stops_one_user_and_it_is_recorded(desk: ActDesk) -> None:
    use_case = BlockSenders(desk.act)
    assert use_case.block(A_MANAGER, "user-2") == (BLOCKED,)
    assert use_case.list(A_MANAGER) == (BLOCKED,)
    use_case.unblock(A_MANAGER, "user-2")
    assert use_case.list(A_MANAGER) == ()
    by = (A_MANAGER.subject, A_MANAGER.email)
    assert desk.acts() == [
        Act(1, "sender-blocked", NOW, *by, "", {"sub": "user-2"}),
        Act(2, "sender-unblocked", NOW, *by, "", {"sub": "user-2"}),
    ]


def test_a_block_and_its_end_said_twice_are_recorded_once(desk: ActDesk) -> None:
    use_case = BlockSenders(desk.act)
    for _ in range(2):
        use_case.block(A_MANAGER, "user-2")
    for _ in range(2):
        use_case.unblock(A_MANAGER, "user-2")
    assert len(desk.acts()) == 2


OTHER_MANAGER = replace(A_MANAGER, subject="user-9", email="paul@lycee.test")


def test_nobody_lifts_their_own_block_and_another_manager_does(desk: ActDesk) -> None:
    use_case = BlockSenders(desk.act)
    use_case.block(OTHER_MANAGER, A_MANAGER.subject)
    with pytest.raises(SenderBlocked) as refused:
        use_case.unblock(A_MANAGER, A_MANAGER.subject)
    assert "Adressez-vous à un autre gestionnaire" in refused.value.detail
    use_case.unblock(OTHER_MANAGER, A_MANAGER.subject)
    assert use_case.list(A_MANAGER) == ()
    assert [(act.kind, act.by) for act in desk.acts()] == [
        ("sender-blocked", OTHER_MANAGER.subject),
        ("sender-unblocked", OTHER_MANAGER.subject),
    ]


def test_a_blocked_manager_neither_blocks_nor_frees_anybody(desk: ActDesk) -> None:
    use_case = BlockSenders(desk.act)
    use_case.block(OTHER_MANAGER, "user-3")
    use_case.block(OTHER_MANAGER, A_MANAGER.subject)
    for step, sub in (
        (use_case.block, OTHER_MANAGER.subject),
        (use_case.block, "user-4"),
        (use_case.unblock, "user-3"),
    ):
        with pytest.raises(SenderBlocked):
            step(A_MANAGER, sub)
    assert len(desk.acts()) == 2


def test_nobody_blocks_themself(desk: ActDesk) -> None:
    with pytest.raises(ConflictError) as refused:
        BlockSenders(desk.act).block(A_MANAGER, A_MANAGER.subject)
    assert refused.value.code == "own-block"
    assert desk.acts() == []


def test_of_two_managers_who_block_each_other_at_once_one_stays_able_to_free(desk: ActDesk) -> None:
    """So the last manager is never blocked by a manager."""
    use_case = BlockSenders(desk.act)

    def other_first() -> None:
        if not desk.acts():
            use_case.block(OTHER_MANAGER, A_MANAGER.subject)

    slow = BlockSenders(desk.with_acts(interrupted(desk.act.acts, before={"record": other_first})))
    with pytest.raises(SenderBlocked):
        slow.block(A_MANAGER, OTHER_MANAGER.subject)
    assert [each.sub for each in use_case.list(OTHER_MANAGER)] == [A_MANAGER.subject]


def test_where_no_manager_can_the_operator_frees_for_a_recorded_reason(desk: ActDesk) -> None:
    use_case = BlockSenders(desk.act)
    use_case.block(OTHER_MANAGER, A_MANAGER.subject)
    for _ in range(2):
        freed = use_case.unblock_as_operator(OPERATOR, UAI, A_MANAGER.subject, "M. Martin est parti")
    assert freed.blocked_senders == ()
    act = desk.acts()[-1]
    assert (act.number, act.kind, act.by, act.reason) == (
        2,
        "sender-unblocked",
        OPERATOR.subject,
        "M. Martin est parti",
    )
    for caller in (A_MANAGER, OTHER_MANAGER, A_SENDER):
        with pytest.raises(Forbidden):
            use_case.unblock_as_operator(caller, UAI, "user-2", "Motif")


def blocked(*subs: str) -> Sending:
    sending = Sending()
    sending.schools.known[UAI] = replace(
        SCHOOL, blocked_senders=tuple(BlockedSender(sub, NOW, "user-1") for sub in subs)
    )
    return sending


def test_a_blocked_user_sends_nothing_and_the_others_go_on() -> None:
    sending = blocked(A_SENDER.subject)
    with pytest.raises(SenderBlocked) as refused:
        sending.accept()
    assert refused.value.code == "sender-blocked"
    assert sending.balance() == 100
    assert sending.accept(caller=A_MANAGER).request.accepted == 1


def test_a_blocked_user_reads_in_their_profile_why_they_may_not_send() -> None:
    sending = blocked(A_SENDER.subject)
    accounts = ReadAccounts(
        sending.schools,
        sending.ledger,
        FakeOrders(),
        sending.clock,
        packs_of(sending.ledger, FakeOrders()),
        sending.maintenance,
    )
    assert isinstance(accounts.profile(A_SENDER).why_not, SenderBlocked)
    assert accounts.profile(A_MANAGER).why_not is None


def test_what_a_blocked_user_has_not_handed_over_stops_and_goes_back_to_the_stock() -> None:
    sending = Sending()
    his, hers = sending.accepted(*phones(3)), sending.accept(caller=A_MANAGER).request
    sending.schools.known[UAI] = blocked(A_SENDER.subject).schools.known[UAI]
    assert sending.dispatch(his) == {"cancelled": 3}
    assert sending.dispatch(hers) == {"sent": 1}
    assert sending.balance() == 99


def test_so_many_are_blocked_and_no_more(desk: ActDesk) -> None:
    use_case = BlockSenders(desk.act)
    for number in range(MOST_BLOCKED_SENDERS):
        use_case.block(A_MANAGER, f"person-{number}")
    with pytest.raises(ConflictError) as refused:
        use_case.block(A_MANAGER, "one-more")
    assert refused.value.code == "too-many-blocked-senders"


@pytest.mark.parametrize("sub", ["", " x", "x\n", "x" * 256])
def test_what_is_no_subject_is_refused(desk: ActDesk, sub: str) -> None:
    with pytest.raises(RefusedError) as refused:
        BlockSenders(desk.act).block(A_MANAGER, sub)
    assert refused.value.code == "invalid-sub"


@pytest.mark.parametrize("caller", [A_SENDER, OPERATOR])
def test_only_a_manager_blocks(desk: ActDesk, caller: Caller) -> None:
    use_case = BlockSenders(desk.act)
    for step in (use_case.block, use_case.unblock):
        with pytest.raises(Forbidden):
            step(caller, "user-2")
    with pytest.raises(Forbidden):
        use_case.list(caller)


def test_a_manager_of_another_school_blocks_nobody_here(desk: ActDesk) -> None:
    """R2."""
    with pytest.raises(NotFoundError):
        BlockSenders(desk.act).block(STRANGER, "user-2")
    assert desk.acts() == []
