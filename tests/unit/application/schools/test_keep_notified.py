"""The people whom the school's mails go to: kept by managers, confirmed by a link (§3, R10, R13)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from schoolsms.application.schools.keep_notified import (
    MOST_LINKS_A_DAY_OF_A_SCHOOL,
    MOST_LINKS_A_DAY_TO_AN_ADDRESS,
    KeepNotified,
    NotifiedList,
)
from schoolsms.domain.errors import NotFoundError, RefusedError
from schoolsms.domain.ids import digest_id
from schoolsms.domain.schools.access import Caller, Forbidden
from schoolsms.domain.schools.notified import LINK_LASTS, Notified
from schoolsms.domain.schools.sent_mails import MailFate
from tests.fakes.core import FakeNotices, FakeQueues
from tests.fakes.mails.sent_mails import FakeSentMails
from tests.support.builders import A_MANAGER, A_SENDER, MANAGER, NOW, OPERATOR, SECOND_MANAGER, UAI
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.support.worlds.decision_desk import ActDesk

HEAD = "chef@lycee.test"
PENDING = Notified(HEAD, NOW, "TOKEN1", confirmed=False)


class Desk(ActDesk):
    def __init__(self) -> None:
        super().__init__()
        self.queues = FakeQueues()
        tokens: Iterator[str] = (f"TOKEN{number}" for number in range(1, 100))
        self.counts = FakeNotices()
        self.sent_mails = FakeSentMails()
        self.keep = KeepNotified(self.act, self.queues, self.counts, self.sent_mails, lambda: next(tokens))

    def change(self, *wanted: str) -> NotifiedList:
        return self.keep.change(A_MANAGER, wanted)

    def notified(self) -> list[str]:
        return self.school.notified_addresses()


def test_the_list_defaults_to_the_managers_whom_the_operator_registered() -> None:
    desk = Desk()
    assert desk.keep.show(A_MANAGER).school.notified == ()
    assert desk.notified() == [MANAGER, SECOND_MANAGER]


def test_an_address_that_is_added_counts_once_its_link_is_followed() -> None:
    desk = Desk()
    desk.change(MANAGER, HEAD)
    assert desk.school.notified == (Notified(MANAGER, NOW), PENDING)
    assert desk.notified() == [MANAGER]
    assert desk.queues.notices == [("notified_to_confirm", {"school": UAI, "token_id": digest_id("TOKEN1")})]

    for _ in range(2):
        desk.keep.confirm(f"{UAI}-TOKEN1")
    assert desk.notified() == [MANAGER, HEAD]
    assert [act.kind for act in desk.acts()] == ["notified-changed", "notified-confirmed"]


def test_a_link_ends_after_a_week_and_adding_the_address_again_makes_another() -> None:
    desk = Desk()
    desk.change(MANAGER, HEAD)
    desk.clock.advance(LINK_LASTS)
    with pytest.raises(NotFoundError):
        desk.keep.confirm(f"{UAI}-TOKEN1")
    desk.change(MANAGER, HEAD)
    with pytest.raises(NotFoundError):
        desk.keep.confirm(f"{UAI}-TOKEN1")
    desk.keep.confirm(f"{UAI}-TOKEN2")
    assert desk.notified() == [MANAGER, HEAD]


def test_removing_is_immediate_and_ends_the_link() -> None:
    desk = Desk()
    desk.change(MANAGER, SECOND_MANAGER, HEAD)
    desk.change(SECOND_MANAGER)
    assert desk.notified() == [SECOND_MANAGER]
    with pytest.raises(NotFoundError):
        desk.keep.confirm(f"{UAI}-TOKEN1")


@pytest.mark.parametrize("wanted", [[], [HEAD]])
def test_a_list_that_nobody_confirmed_is_refused(wanted: list[str]) -> None:
    desk = Desk()
    with pytest.raises(RefusedError) as refused:
        desk.change(*wanted)
    assert refused.value.code == "nobody-notified-left"
    assert desk.acts() == []


def test_the_list_gives_nobody_the_right_to_order() -> None:
    """R13: who may order stays the operator's list."""
    desk = Desk()
    desk.change(MANAGER, HEAD)
    desk.keep.confirm(f"{UAI}-TOKEN1")
    assert not desk.school.may_order(HEAD)
    desk.change(HEAD)
    assert desk.school.may_order(MANAGER)


def test_a_person_with_the_role_who_is_not_on_the_list_learns_it() -> None:
    desk = Desk()
    assert desk.keep.show(A_MANAGER).includes_caller
    other = replace(A_MANAGER, email="nouveau@lycee.test")
    assert not desk.keep.show(other).includes_caller
    assert not desk.keep.show(replace(A_MANAGER, email="")).includes_caller
    assert not desk.change(SECOND_MANAGER).includes_caller


def test_the_same_list_twice_changes_nothing_and_an_address_written_twice_counts_once() -> None:
    desk = Desk()
    desk.change(MANAGER, HEAD, HEAD.upper())
    desk.clock.advance(timedelta(hours=1))
    desk.change(MANAGER, HEAD)
    assert desk.school.notified == (Notified(MANAGER, NOW), PENDING)
    assert len(desk.acts()) == 1


def test_dying_before_the_link_is_queued_the_next_try_queues_it() -> None:
    """R48."""
    desk = Desk()
    dying = replace(desk.keep, notices=interrupted(desk.queues, before={"notice_due": dies}))
    with pytest.raises(Died):
        dying.change(A_MANAGER, [MANAGER, HEAD])
    desk.change(MANAGER, HEAD)
    assert len(desk.queues.notices) == 1
    desk.keep.confirm(f"{UAI}-TOKEN1")


def added_and_removed(desk: Desk, times: int, email: str = HEAD) -> NotifiedList:
    """The answer when the address was added for the last time."""
    for _ in range(times):
        desk.change(MANAGER)
        answer = desk.change(MANAGER, email)
    return answer


def test_an_address_added_and_removed_again_and_again_gets_so_many_links_a_day() -> None:
    desk = Desk()
    assert added_and_removed(desk, MOST_LINKS_A_DAY_TO_AN_ADDRESS).unmailed == {}
    answer = added_and_removed(desk, 1, HEAD.upper())
    assert "Enregistrez de nouveau la liste demain" in answer.unmailed[HEAD.upper()]
    assert len(desk.queues.notices) == MOST_LINKS_A_DAY_TO_AN_ADDRESS
    assert desk.change(MANAGER, HEAD, "autre@lycee.test").unmailed.keys() == {HEAD.upper()}


def test_what_was_not_mailed_is_mailed_when_the_list_is_saved_the_next_day() -> None:
    desk = Desk()
    added_and_removed(desk, MOST_LINKS_A_DAY_TO_AN_ADDRESS + 1)
    before = len(desk.queues.notices)
    desk.clock.advance(timedelta(days=1))
    assert desk.change(MANAGER, HEAD).unmailed == {}
    assert len(desk.queues.notices) == before + 1


def test_a_school_asks_for_so_many_links_a_day_whatever_the_addresses() -> None:
    desk = Desk()
    for number in range(MOST_LINKS_A_DAY_OF_A_SCHOOL):
        assert desk.change(MANAGER, f"p{number}@lycee.test").unmailed == {}
    answer = desk.change(MANAGER, HEAD)
    assert f"déjà demandé {MOST_LINKS_A_DAY_OF_A_SCHOOL}" in answer.unmailed[HEAD]
    assert len(desk.queues.notices) == MOST_LINKS_A_DAY_OF_A_SCHOOL


def test_the_same_list_saved_again_counts_each_link_once() -> None:
    desk = Desk()
    for _ in range(MOST_LINKS_A_DAY_TO_AN_ADDRESS + 1):
        assert desk.change(MANAGER, HEAD).unmailed == {}


def test_dying_after_the_count_the_next_try_queues_the_link() -> None:
    """R48."""
    desk = Desk()
    added_and_removed(desk, MOST_LINKS_A_DAY_TO_AN_ADDRESS - 1)
    desk.change(MANAGER)
    dying = replace(desk.keep, notices=interrupted(desk.queues, before={"notice_due": dies}))
    before = len(desk.queues.notices)
    with pytest.raises(Died):
        dying.change(A_MANAGER, [MANAGER, HEAD])
    assert desk.change(MANAGER, HEAD).unmailed == {}
    assert len(desk.queues.notices) == before + 1


@pytest.mark.parametrize("link", ["", "x", UAI, f"{UAI}-", "0750654D-TOKEN1", f"{UAI}-TOKEN", f"{UAI}-TOKEN1x"])
def test_a_forged_link_confirms_nothing(link: str) -> None:
    desk = Desk()
    desk.change(MANAGER, HEAD)
    with pytest.raises(NotFoundError):
        desk.keep.school_of(link)
    with pytest.raises(NotFoundError):
        desk.keep.confirm(link)
    assert desk.notified() == [MANAGER]


@pytest.mark.parametrize("caller", [A_SENDER, OPERATOR])
def test_only_a_manager_keeps_the_list(caller: Caller) -> None:
    desk = Desk()
    with pytest.raises(Forbidden):
        desk.keep.show(caller)
    with pytest.raises(Forbidden):
        desk.keep.change(caller, [MANAGER])


def test_an_address_whose_mail_came_back_is_shown_as_such() -> None:
    desk = Desk()
    desk.sent_mails.mark(MANAGER, MailFate("ses-1", "bounced", (MANAGER,), NOW, "5.1.1", permanent=True))
    assert desk.keep.show(A_MANAGER).unreachable == {MANAGER}
    assert desk.change(MANAGER, HEAD).unreachable == {MANAGER}
