"""Mails about a correction of a stock: the operator's second person is asked, the managers learn of it (R10, R18)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from schoolsms.application.mails.words.corrections import correction_proposed, stock_corrected
from schoolsms.domain.errors import TransientError

if TYPE_CHECKING:
    from schoolsms.application.mails.desk import MailDesk
    from schoolsms.domain.schools.decisions.school_acts import Act


@dataclass(frozen=True)
class StockCorrected:
    """The act `number` of the school confirmed a correction: every manager gets it, with the reason."""

    kind: ClassVar = "stock_corrected"
    school: str
    number: str

    def send(self, desk: MailDesk) -> int:
        school, act = desk.school(self.school), _act(desk, self.school, self.number)
        entry = desk.ledger.entry(self.school, str(act.detail["entry"]))
        if entry is None:
            raise TransientError("the entry of the correction is not there")
        notice = stock_corrected(school_name=school.name, act=act, entry=entry, answer_to=desk.support_email)
        return desk.mails.send(
            f"{self.kind}:{self.school}:{act.number}", notice, school.manager_addresses(), school=school.uai
        )


@dataclass(frozen=True)
class CorrectionProposed:
    """The act `number` of the school proposed a correction, which another person has to decide."""

    kind: ClassVar = "correction_proposed"
    school: str
    number: str

    def send(self, desk: MailDesk) -> int:
        school, act = desk.school(self.school), _act(desk, self.school, self.number)
        notice = correction_proposed(uai=school.uai, school_name=school.name, act=act)
        return desk.mails.send(f"{self.kind}:{self.school}:{act.number}", notice, [desk.operator_email])


def _act(desk: MailDesk, uai: str, number: str) -> Act:
    act = desk.acts.numbered(uai, int(number))
    if act is None:
        raise TransientError("the act of the notice is not there")
    return act
