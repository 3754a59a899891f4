"""Mails about the purge of the history go to every manager, each once a school and year (R37)."""

from dataclasses import dataclass
from datetime import date

from schoolsms.application.mails.send_once import MailOnce, addresses
from schoolsms.application.mails.words.purges import history_purged, purge_ahead
from schoolsms.application.ports.core import Schools
from schoolsms.application.ports.purges import Purges
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.school_years import year_labelled, zone
from schoolsms.domain.schools.schools import School


@dataclass(frozen=True)
class MailPurges:
    """Each method answers how many addresses SES refused for good."""

    schools: Schools
    purges: Purges
    mails: MailOnce

    def ahead(self, uai: str, label: str, end: date, days: int) -> int:
        """What will be purged, and when; nothing if the end of the year was moved meanwhile: that one is told anew."""
        school = self._school(uai)
        year = year_labelled(school.calendar, label)
        if year is None or year.end_exclusive != end:
            return 0
        notice = purge_ahead(school_name=school.name, school_year=label, end=end, last_day=year.last_day)
        return self.mails.send(f"purge_ahead:{uai}:{label}:{end}:{days}", notice, addresses(school))

    def purged(self, uai: str, label: str) -> int:
        """The certificate."""
        school, certificate = self._school(uai), self.purges.get(uai, label).certificate
        if certificate is None:
            raise TransientError("the certificate to tell of is not there")
        notice = history_purged(school_name=school.name, certificate=certificate, zone=zone(school.calendar))
        return self.mails.send(f"history_purged:{uai}:{label}", notice, addresses(school))

    def _school(self, uai: str) -> School:
        school = self.schools.get(uai)
        if school is None:
            raise TransientError("the school to tell is not there")
        return school
