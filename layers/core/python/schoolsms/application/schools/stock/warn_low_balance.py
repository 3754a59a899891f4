"""Mails the managers of a school when a debit takes its stock to the low level, below it, or to nothing (R15).

The stream of accepted requests shows every debit, so that no crossing is lost when a function dies (R48). Entries are
numbered in order, so that only one of several requests accepted at once is the one that crossed.
"""

from dataclasses import dataclass

from schoolsms.application.ports.core import Ledger, NoticeQueue, Schools, SendRequests
from schoolsms.domain.schools.stock.ledger import debit_id


@dataclass(frozen=True)
class WarnLowBalance:
    requests: SendRequests
    schools: Schools
    ledger: Ledger
    notices: NoticeQueue

    def warn(self, request_id: str) -> bool:
        """Queue the notice that this request's debit calls for, if any. Queued twice, it is mailed once."""
        request = self.requests.get(request_id)
        if request is None or not request.cost_sms:
            return False  # purged before its record came through, or free
        school = self.schools.get(request.school)
        entry = self.ledger.entry(request.school, debit_id(request.id))
        if school is None or entry is None:
            return False
        warning = entry.stock_warning(school.low_balance_threshold)
        if warning is None:
            return False
        self.notices.notice_due(warning, school=school.uai, entry=entry.id, threshold=str(school.low_balance_threshold))
        return True
