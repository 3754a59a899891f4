"""A stock is corrected by two people, once, and never below zero (R8, R16, R18)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from schoolsms.application.schools.stock.correct_stock import CorrectStock
from schoolsms.domain.errors import ConflictError, NotFoundError, RefusedError, TransientError
from schoolsms.domain.schools.access import Caller, Forbidden
from schoolsms.domain.schools.stock import ledger
from schoolsms.domain.schools.stock.audits import audit_ledger
from schoolsms.domain.schools.stock.corrections import Correction, Proposal
from schoolsms.domain.schools.stock.ledger_causes import Cause, explained
from tests.fakes.core import FakeLedger, FakeSchoolActs, FakeSchools
from tests.fakes.schools.corrections import FakeCorrections
from tests.support.builders import A_MANAGER, MANAGER, NOW, OPERATOR, OTHER_UAI, SCHOOL, SECOND_MANAGER, UAI
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.support.worlds.decision_desk import ActDesk
from tests.unit.application.mails.test_notify_managers import OPERATOR_EMAIL, PostOffice

SECOND = Caller("kosmos-2", "collegue@kosmos.test", "", frozenset({"operator"}))
TWICE = Proposal(-1_000, "Commande créditée deux fois", Cause("order", "BC1"))


class Desk:
    """A school with 1,500 SMS of two orders, and what two operators do about it."""

    def __init__(self) -> None:
        self.acts, self.ledger = ActDesk(), FakeLedger()
        self.ledger.post(UAI, ledger.credit("BC0", 500, NOW))
        self.ledger.post(UAI, ledger.credit("BC1", 1_000, NOW))
        self.corrections = FakeCorrections(self.ledger, self.acts.recorded)
        self.use_case = CorrectStock(
            self.acts.schools, self.ledger, self.corrections, self.acts.queues, self.acts.clock
        )

    def proposed(self, proposal: Proposal = TWICE) -> Correction:
        return self.use_case.propose(OPERATOR, UAI, proposal)[0]

    def confirm(self, correction: Correction, caller: Caller = SECOND) -> Correction:
        return self.use_case.decide(caller, UAI, correction.id, confirm=True)

    def refuse(self, correction: Correction) -> Correction:
        return self.use_case.decide(SECOND, UAI, correction.id, confirm=False, reason="Une seule commande")

    def stock(self) -> int:
        return self.ledger.balance(UAI).sms

    def mailed(self) -> list[tuple[str, str, str]]:
        """Address, subject and text of the mails that were queued, sent now."""
        office = PostOffice()
        use_case = replace(office.use_case, schools=self.acts.schools, acts=self.acts.recorded, ledger=self.ledger)
        for kind, ids in self.acts.queues.notices:
            use_case.notify(kind, ids)
        return [(mail.to[0], mail.subject, mail.text) for mail in office.mailer.sent]


def test_a_stock_changes_once_a_second_person_confirms() -> None:
    desk = Desk()
    correction = desk.proposed()
    assert (correction.state, desk.stock()) == ("proposed", 1_500)

    confirmed = desk.confirm(correction)

    assert (confirmed.state, confirmed.applied_sms, confirmed.missing_sms, desk.stock()) == (
        "confirmed",
        -1_000,
        0,
        500,
    )
    entry = desk.ledger.of[UAI][-1]
    assert (entry.kind, entry.cause) == ("correction", Cause("correction", correction.id))
    assert explained(entry) == f"Correction d'une erreur sur la commande BC1 par Kosmos ({correction.id})."
    assert audit_ledger(desk.ledger.of[UAI], desk.ledger.balance(UAI)) == []


def test_both_steps_are_acts_of_the_school_with_who_and_why() -> None:
    desk = Desk()
    desk.confirm(desk.proposed())
    proposed, confirmed = desk.acts.acts()
    assert [(act.kind, act.by, act.reason) for act in (proposed, confirmed)] == [
        ("correction-proposed", "kosmos-1", TWICE.reason),
        ("correction-confirmed", "kosmos-2", TWICE.reason),
    ]
    assert (confirmed.detail["sms"], confirmed.detail["corrects"]) == (-1_000, "order BC1")


@pytest.mark.parametrize(
    "same", [OPERATOR, replace(OPERATOR, subject="kosmos-9", email="Operateur@KOSMOS.test")], ids=["sub", "address"]
)
@pytest.mark.parametrize("confirm", [True, False])
def test_nobody_decides_what_they_proposed(same: Caller, confirm: bool) -> None:
    desk = Desk()
    correction = desk.proposed()
    with pytest.raises(Forbidden) as refused:
        desk.use_case.decide(same, UAI, correction.id, confirm=confirm, reason="Moi-même")
    assert refused.value.code == "second-person-required"
    assert (desk.stock(), desk.corrections.known[correction.id].state) == (1_500, "proposed")


def test_a_correction_confirmed_again_changes_nothing_and_is_mailed_once() -> None:
    desk = Desk()
    correction = desk.proposed()
    first = desk.confirm(correction)
    assert desk.confirm(correction) == first
    assert (desk.stock(), len(desk.acts.acts())) == (500, 2)
    about = [to for to, subject, _ in desk.mailed() if subject == "Stock de SMS corrigé"]
    assert about == [MANAGER, SECOND_MANAGER]


def test_the_same_proposal_on_the_same_day_is_the_same_correction() -> None:
    desk = Desk()
    first, is_new = desk.use_case.propose(OPERATOR, UAI, TWICE)
    assert is_new
    assert desk.use_case.propose(OPERATOR, UAI, TWICE) == (first, False)
    assert desk.use_case.propose(OPERATOR, UAI, replace(TWICE, sms=-999))[1]
    desk.acts.clock.advance(timedelta(days=1))
    assert desk.use_case.propose(OPERATOR, UAI, TWICE)[1]


def test_what_was_used_already_is_not_taken_and_is_said() -> None:
    """R16: of 1,000 SMS credited by mistake, 300 are left."""
    desk = Desk()
    correction = desk.proposed()
    desk.ledger.post(UAI, ledger.debit("R1", 1_200, NOW))

    confirmed = desk.confirm(correction)

    assert (confirmed.applied_sms, confirmed.missing_sms, desk.stock()) == (-300, 700, 0)
    text = next(text for _, subject, text in desk.mailed() if subject == "Stock de SMS corrigé")
    assert "SMS retirés\u00a0: 300\u00a0SMS" in text
    assert "Comme 700\u00a0SMS étaient déjà utilisés" in text


@pytest.mark.parametrize(
    ("spent", "warning"), [(400, "Stock de SMS : niveau bas"), (600, "Stock de SMS épuisé"), (300, None)]
)
def test_managers_are_warned_once_when_what_is_taken_back_leaves_little(spent: int, warning: str | None) -> None:
    """R15: the next debits start below the low level of 100 SMS, so none of them would warn."""
    desk = Desk()
    correction = desk.proposed()
    desk.ledger.post(UAI, ledger.debit("R1", spent, NOW))
    desk.confirm(correction)
    desk.confirm(correction)
    warned = [
        (to, subject) for to, subject, _ in desk.mailed() if subject.startswith("Stock de SMS :") or "épuisé" in subject
    ]
    assert warned == ([(MANAGER, warning), (SECOND_MANAGER, warning)] if warning else [])


def test_nothing_is_confirmed_when_nothing_is_left_to_take() -> None:
    desk = Desk()
    correction = desk.proposed()
    desk.ledger.post(UAI, ledger.debit("R1", 1_500, NOW))
    with pytest.raises(ConflictError) as refused:
        desk.confirm(correction)
    assert refused.value.code == "nothing-to-take"
    assert desk.refuse(correction).state == "refused"


def test_sms_that_were_debited_by_mistake_are_added() -> None:
    desk = Desk()
    desk.ledger.post(UAI, ledger.debit("R1", 40, NOW))
    confirmed = desk.confirm(desk.proposed(Proposal(40, "Décompte erroné", Cause("send_request", "R1"))))
    assert (confirmed.applied_sms, desk.stock()) == (40, 1_500)
    assert desk.ledger.balance(UAI).last_credit == confirmed.entry_id  # a low level is mailed anew
    texts = [text for to, subject, text in desk.mailed() if to == MANAGER]
    assert "SMS ajoutés\u00a0: 40\u00a0SMS" in texts[0]
    assert "Envoi\u00a0: R1" in texts[0]
    assert "Motif\u00a0: Décompte erroné" in texts[0]


def test_a_refused_correction_changes_nothing_and_stays_refused() -> None:
    desk = Desk()
    correction = desk.proposed()
    refused = desk.refuse(correction)
    assert refused.decided
    assert (refused.state, refused.decided.reason, desk.stock()) == ("refused", "Une seule commande", 1_500)
    assert desk.refuse(correction) == refused
    with pytest.raises(ConflictError) as conflict:
        desk.confirm(correction)
    assert conflict.value.code == "correction-decided"
    assert [act.kind for act in desk.acts.acts()] == ["correction-proposed", "correction-refused"]
    assert all(to == OPERATOR_EMAIL for to, _, _ in desk.mailed())


def test_the_second_person_is_asked_by_mail() -> None:
    desk = Desk()
    desk.proposed()
    desk.proposed()
    [(to, subject, text)] = desk.mailed()
    assert (to, subject) == (OPERATOR_EMAIL, "Correction de stock à confirmer : Lycée Paul Valéry")
    assert "SMS à retirer\u00a0: 1\u202f000\u00a0SMS" in text or "SMS à retirer\u00a0: 1\u00a0000\u00a0SMS" in text
    assert "operateur@kosmos.test" in text


@pytest.mark.parametrize("corrects", [Cause("order", "BC9"), Cause("send_request", "BC1")])
def test_what_never_touched_this_stock_has_nothing_to_correct(corrects: Cause) -> None:
    """R8: an order of another school among them."""
    desk = Desk()
    desk.ledger.post(OTHER_UAI, ledger.credit("BC9", 500, NOW))
    with pytest.raises(RefusedError) as refused:
        desk.proposed(replace(TWICE, corrects=corrects))
    assert (refused.value.code, refused.value.field) == ("nothing-to-correct", "corrects")


def test_a_correction_is_found_only_in_its_school() -> None:
    desk = Desk()
    correction = desk.proposed()
    for uai, wanted in ((OTHER_UAI, correction.id), (UAI, "NONE")):
        with pytest.raises(NotFoundError):
            desk.use_case.decide(SECOND, uai, wanted, confirm=True)


def test_only_the_operator_corrects() -> None:
    desk = Desk()
    correction = desk.proposed()
    with pytest.raises(Forbidden):
        desk.use_case.propose(A_MANAGER, UAI, TWICE)
    with pytest.raises(Forbidden):
        desk.confirm(correction, A_MANAGER)
    with pytest.raises(Forbidden):
        desk.use_case.of_school(A_MANAGER, UAI, None)
    with pytest.raises(Forbidden):
        desk.use_case.waiting(A_MANAGER, None)


def test_what_waits_is_listed_until_it_is_decided() -> None:
    desk = Desk()
    correction = desk.proposed()
    assert list(desk.use_case.waiting(SECOND, None).items) == [correction]
    confirmed = desk.confirm(correction)
    assert list(desk.use_case.waiting(SECOND, None).items) == []
    assert list(desk.use_case.of_school(SECOND, UAI, None).items) == [confirmed]


def test_a_confirmation_that_died_before_its_mail_is_repeated() -> None:
    desk = Desk()
    correction = desk.proposed()
    dying = replace(desk.use_case, notices=interrupted(desk.acts.queues, before={"notice_due": dies}))
    with pytest.raises(Died):
        dying.decide(SECOND, UAI, correction.id, confirm=True)
    assert desk.stock() == 500
    desk.confirm(correction)
    assert desk.stock() == 500
    assert [to for to, subject, _ in desk.mailed() if subject == "Stock de SMS corrigé"] == [MANAGER, SECOND_MANAGER]


def test_it_gives_up_when_other_acts_always_come_first() -> None:
    desk = Desk()
    desk.corrections.acts = FakeSchoolActs(FakeSchools(replace(SCHOOL, acts=7)))
    with pytest.raises(TransientError):
        desk.proposed()
