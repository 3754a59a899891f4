"""Estimate the cost of a message; nothing is debited or written (R21)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from schoolsms.application.ports.accounts.templates import Templates
from schoolsms.application.ports.core import Clock, Consents, Schools
from schoolsms.application.ports.holidays import LocalHolidays
from schoolsms.application.ports.recipient_lists import RecipientLists
from schoolsms.application.schools.callers_school import require_callers_school
from schoolsms.application.sending.accepting.keep_templates import text_of
from schoolsms.application.sending.accepting.recipient_lists import listed
from schoolsms.domain.errors import SchoolClosed
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.school_years import zone
from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.uai import department_prefix, territory
from schoolsms.domain.sending.estimates import Estimate, check_text, estimate_recipients, estimate_text
from schoolsms.domain.sending.recipients import Recipient, UnusedNumbers, Warned, draft, unknown_variables, with_consent
from schoolsms.domain.sending.schedules import due_at
from schoolsms.domain.sending.templates import Wording
from schoolsms.domain.sending.unusual_hours import MayNotSend, UnusualHour, unusual_hour
from schoolsms.domain.texts.half_written import SuspiciousPlaceholder, half_written
from schoolsms.domain.texts.typography import EncodingMode


@dataclass(frozen=True)
class EstimateCommand:
    """A text to estimate: to `recipients`, to those of an uploaded list by its id, or alone."""

    wording: Wording
    recipients: Sequence[Recipient] | None = None
    encoding: EncodingMode = "auto"
    recipient_list: str = ""
    confirm_placeholders: bool = False
    send_at: datetime | None = None
    """Time of sending, on the school's clock if it names no zone; None without a plan."""


Circumstance = MayNotSend | UnusualHour
"""A warning that is not about the text."""

EstimateWarning = Warned | SuspiciousPlaceholder | Circumstance


@dataclass(frozen=True)
class EstimateCost:
    """Composes and counts as acceptance does. Warns a suspended school. Never shows the stock (R14)."""

    schools: Schools
    consents: Consents
    templates: Templates
    lists: RecipientLists
    holidays: LocalHolidays
    clock: Clock

    def estimate(self, caller: Caller, command: EstimateCommand) -> tuple[Estimate, Sequence[EstimateWarning]]:
        """The estimate, and what in the variables, the list or the hour looks like a mistake. Raises RefusedError."""
        school = require_callers_school(self.schools, caller, "sms_sender", "sms_manager")
        due = due_at(command.send_at, school, self.clock.now()) if command.send_at else None
        text = text_of(self.templates, school.uai, command.wording)
        recipients, rows = command.recipients, None
        unused: Sequence[UnusedNumbers] = ()
        if command.recipient_list:
            found = listed(self.lists, school.uai, command.recipient_list, text)
            recipients, rows, unused = found.recipients, found.rows, found.unused
        if recipients is None:
            estimate = estimate_text(text, command.encoding)
            return estimate, (*_half_written(command, text), *self._circumstances(school, due, 0))
        check_text(text, command.encoding)
        multipliers, home = school.multipliers(), territory(school.uai)
        lines, refusals = draft(
            text,
            command.encoding,
            recipients,
            multipliers,
            home,
            confirm_placeholders=command.confirm_placeholders,
        )
        granted = self.consents.granted(school.uai, {line.phone for line in lines})
        drafted = with_consent(lines, refusals, recipients, granted)
        estimate = estimate_recipients(text, command.encoding, recipients, drafted, multipliers, rows, home)
        named = {each.name for each in unused}
        unknown = [each for each in unknown_variables(text, recipients) if each.name not in named]
        return estimate, (*unused, *unknown, *self._circumstances(school, due, len(recipients)))

    def _circumstances(self, school: School, due: datetime | None, recipients: int) -> Sequence[Circumstance]:
        """The warnings that the school may not send now, and about the hour of sending."""
        try:
            school.check_may_send(self.clock.now())
        except SchoolClosed as closed:
            return (MayNotSend(closed.code, closed.detail, recipients),)
        if due is None:
            return ()
        clock = zone(school.calendar)
        day, department = due.astimezone(clock).date(), department_prefix(school.uai)
        found = unusual_hour(due, clock, self.holidays.name_of(day, school.country, department), recipients)
        return (found,) if found else ()


def _half_written(command: EstimateCommand, text: str) -> Sequence[SuspiciousPlaceholder]:
    """The warning that the text would be refused to everybody, as far as that is sure without recipients."""
    marks = "" if command.confirm_placeholders else half_written(text).anyway()
    return (SuspiciousPlaceholder(marks),) if marks else ()
