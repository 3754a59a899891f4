"""Mails the managers of a school once a day, when its requests reach 80 % of what it may send that day (R25)."""

from dataclasses import dataclass

from schoolsms.application.ports.core import Ledger, NoticeQueue, Schools, SendRequests


@dataclass(frozen=True)
class WarnDailyLimit:
    requests: SendRequests
    schools: Schools
    ledger: Ledger
    notices: NoticeQueue
    default_daily_limit: int

    def warn(self, request_id: str) -> bool:
        """Queue the notice if the day of this request is near its ceiling now. It is mailed once a day."""
        request = self.requests.get(request_id)
        school = self.schools.get(request.school) if request and request.cost_sms else None
        if request is None or school is None:
            return False
        day, limit = school.local_day(request.accepted_at), school.ceiling(self.default_daily_limit)
        if not self.ledger.balance(school.uai).near_ceiling(day, limit):
            return False
        self.notices.notice_due("daily_limit_near", school=school.uai, day=day.isoformat(), limit=str(limit))
        return True
