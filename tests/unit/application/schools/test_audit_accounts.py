"""The night looks at every school, in steps; what happened as it should is found clean (R18)."""

from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import Any

import pytest

from schoolsms.application.ports.core import Slice
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.stock import ledger
from schoolsms.domain.schools.stock.audits import Finding
from schoolsms.domain.schools.stock.ledger import Balance, Entry
from schoolsms.domain.sending.request_audits import request_of_entry
from tests.fakes.core import FakeSchools
from tests.support.builders import NOW, ORDER_ID, SCHOOL, UAI
from tests.support.worlds.audit_world import AuditWorld

CREDIT = f"credit:{ORDER_ID}"
DAY = timedelta(days=1)


@pytest.fixture
def world() -> AuditWorld:
    return AuditWorld.lived()


def test_what_happened_as_it_should_adds_up(world: AuditWorld) -> None:
    # What a provider refused of a page is one entry.
    assert [entry.kind for entry in world.ledger.of[UAI]].count("release") == 3
    assert world.findings() == set()


def test_each_entry_that_is_lost_is_one_finding_whatever_it_was_made_for(world: AuditWorld) -> None:
    """The release of a request that was never handed over is one entry of four messages, named by their request."""
    made = world.ledger.of[UAI]
    for entry in made:
        world.ledger.of[UAI] = [each for each in made if each is not entry]
        [(code, named)] = world.findings()
        by_request = entry.kind == "release" and "-" in entry.id
        assert (code, named) == ("entry-lost", request_of_entry(entry) if by_request else entry.id)


# ------------------------------------------------------------------ the night, in steps


class Tiring(FakeSchools):
    """Looking at a school takes six minutes."""

    def __init__(self, world: AuditWorld, *schools: Any) -> None:
        super().__init__(*schools)
        self.world = world

    def get(self, uai: str) -> Any:
        self.world.clock.advance(timedelta(minutes=6))
        return super().get(uai)


def three_schools(world: AuditWorld) -> None:
    uais = ("0750001A", "0750002B", UAI)
    world.schools = Tiring(world, *(replace(SCHOOL, uai=uai) for uai in uais))


def test_a_step_ends_after_ten_minutes_and_the_next_goes_on() -> None:
    world = AuditWorld()
    three_schools(world)
    world.slip_in(ledger.credit("BC26-NOBODY", 10, NOW))
    first = world.audit().continue_tonight()
    assert (first.schools, first.done, first.findings) == (2, False, [])
    second = world.audit().continue_tonight()
    assert (second.schools, second.done) == (1, True)
    assert [found.id for found in second.findings] == ["credit:BC26-NOBODY"]
    third = world.audit().continue_tonight()
    assert (third.schools, third.done, third.findings) == (0, False, [])


def test_the_next_night_begins_anew_with_the_numbers() -> None:
    world = AuditWorld()
    world.numbers.given = 2
    for _ in range(2):
        assert [found.id for found in world.audit().continue_tonight().findings] == ["2026-000002"]
        assert world.audit().continue_tonight().findings == []
        world.clock.advance(DAY)


def test_a_school_that_cannot_be_looked_at_keeps_no_other_waiting() -> None:
    world = AuditWorld()
    world.schools = FakeSchools(SCHOOL, replace(SCHOOL, uai="0750001A"))
    balance = world.ledger.balance

    def broken(uai: str) -> Balance:
        if uai == "0750001A":
            raise TransientError("DynamoDB")
        return balance(uai)

    world.ledger.balance = broken  # type: ignore[method-assign]
    audited = world.audit().continue_tonight()
    assert (audited.schools, audited.failed, audited.done) == (2, ["0750001A"], True)
    with pytest.raises(TransientError, match="1 schools could not be audited"):
        audited.check()


class FailingAtTheEnd:
    """Rules that find something in the entries, and cannot read what should have one."""

    def of_entries(self, uai: str, entries: list[Entry]) -> list[Finding]:
        return [Finding("entry-altered", uai, entries[0].id, "is altered")]

    def of_school(self, uai: str) -> list[Finding]:
        raise TransientError("DynamoDB")


def test_a_school_that_cannot_be_looked_at_to_its_end_keeps_what_was_found(world: AuditWorld) -> None:
    world.ledger.of[UAI].pop(1)
    audited = world.audit(audits=[FailingAtTheEnd()]).continue_tonight()
    assert [found.code for found in audited.findings] == ["entry-missing", "entry-altered"]
    assert audited.failed == [UAI]
    asked = world.audit(audits=[FailingAtTheEnd()]).of_school(UAI)
    assert list(islice(asked, 2)) == audited.findings
    with pytest.raises(TransientError):
        next(asked)


def too_large(world: AuditWorld, *uais: str) -> None:
    """The process dies when it looks at these schools, as one does that runs out of time or memory."""
    balance = world.ledger.balance

    def dying(uai: str) -> Balance:
        if uai in uais:
            raise SystemExit
        return balance(uai)

    world.ledger.balance = dying  # type: ignore[method-assign]


def test_a_school_at_which_the_process_dies_is_left_out_by_the_next_step() -> None:
    world = AuditWorld()
    world.schools = FakeSchools(*(replace(SCHOOL, uai=uai) for uai in ("0750001A", "0750002B", UAI)))
    world.numbers.given = 2
    world.slip_in(ledger.credit("BC26-NOBODY", 10, NOW))
    too_large(world, "0750001A", "0750002B")
    for _ in range(2):
        with pytest.raises(SystemExit):
            world.audit().continue_tonight()
    audited = world.audit().continue_tonight()
    assert (audited.schools, audited.failed, audited.done) == (1, ["0750002B"], True)
    assert {found.id for found in audited.findings} == {"2026-000002", "credit:BC26-NOBODY"}
    with pytest.raises(TransientError):
        audited.check()
    world.clock.advance(DAY)
    with pytest.raises(SystemExit):  # the next night tries again
        world.audit().continue_tonight()


def test_a_list_of_schools_that_cannot_be_read_gives_up_none() -> None:
    world = AuditWorld()
    world.schools = FakeSchools(SCHOOL)
    everyone = world.schools.all

    def broken(cursor: str | None) -> Slice[Any]:
        return Slice(everyone(cursor).items, "more") if cursor is None else unreadable()

    def unreadable() -> Slice[Any]:
        raise TransientError("DynamoDB")

    world.schools.all = broken  # type: ignore[method-assign]
    with pytest.raises(TransientError):
        world.audit().continue_tonight()
    world.schools.all = everyone  # type: ignore[method-assign]
    audited = world.audit().continue_tonight()
    assert (audited.schools, audited.failed, audited.done) == (1, [], True)


def test_entries_made_while_the_audit_reads_wait_for_the_next_one(world: AuditWorld) -> None:
    entries_from = world.ledger.entries_from

    def and_another(uai: str, seq: int) -> Any:
        world.asked(1)
        return entries_from(uai, seq)

    world.ledger.entries_from = and_another  # type: ignore[method-assign]
    assert world.findings() == set()


def test_entries_above_the_balance_are_named_because_their_sms_may_be_spent_again(world: AuditWorld) -> None:
    """A balance that was put back as it was some entries ago."""
    made = world.ledger.of[UAI]
    world.ledger.balances[UAI] = Balance(UAI, made[2].balance_after, 3)
    [behind] = [found for found in world.audit().of_all() if found.code == "balance-behind"]
    assert behind.id == f"balance:{UAI}"
    assert behind.says == f"says {made[2].balance_after} SMS after 3, entries up to {len(made)} are there"


def test_a_long_ledger_is_held_in_batches() -> None:
    world = AuditWorld()
    for _ in range(120):
        world.asked(1)
    seen: list[int] = []

    class Counting:
        def of_entries(self, uai: str, entries: list[Entry]) -> list[Any]:
            seen.append(len(entries))
            return []

        def of_school(self, uai: str) -> list[Any]:
            return []

    assert list(world.audit(audits=[Counting()]).of_school(UAI)) == []
    assert seen == [100, 21]
