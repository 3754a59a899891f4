"""Mails about the purge of the history go to every manager, each once a school and year (R37)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from schoolsms.application.mails.words.purges import history_purged, purge_ahead
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.school_years import year_labelled, zone

if TYPE_CHECKING:
    from schoolsms.application.mails.desk import MailDesk


@dataclass(frozen=True)
class PurgeAhead:
    """The school year ends on `end`, in `days` days. If the end was moved meanwhile, another notice announces it."""

    kind: ClassVar = "purge_ahead"
    school: str
    school_year: str
    end: str
    days: str

    def send(self, desk: MailDesk) -> int:
        school, end = desk.school(self.school), date.fromisoformat(self.end)
        year = year_labelled(school.calendar, self.school_year)
        if year is None or year.end_exclusive != end:
            return 0
        notice = purge_ahead(
            school_name=school.name,
            school_year=self.school_year,
            end=end,
            last_day=year.last_day,
            public_url=desk.public_url,
        )
        notice_id = f"{self.kind}:{self.school}:{self.school_year}:{end}:{int(self.days)}"
        return desk.mail_managers(notice_id, notice, school)


@dataclass(frozen=True)
class HistoryPurged:
    """The purge of the school year is done: its certificate."""

    kind: ClassVar = "history_purged"
    school: str
    school_year: str

    def send(self, desk: MailDesk) -> int:
        school, certificate = desk.school(self.school), desk.purges.get(self.school, self.school_year).certificate
        if certificate is None:
            raise TransientError("the certificate of the notice is not there")
        notice = history_purged(
            school_name=school.name,
            certificate=certificate,
            zone=zone(school.calendar),
            public_url=desk.public_url,
        )
        return desk.mail_managers(f"{self.kind}:{self.school}:{self.school_year}", notice, school)
