"""Estimate the cost of a message; nothing is debited or written (R21)."""

from collections.abc import Sequence
from dataclasses import dataclass

from schoolsms.application.ports.core import Consents, Schools
from schoolsms.application.ports.recipient_lists import RecipientLists
from schoolsms.application.ports.templates import Templates
from schoolsms.application.schools.callers_school import require_callers_school
from schoolsms.application.sending.keep_templates import text_of
from schoolsms.application.sending.recipient_lists import listed
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.uai import territory
from schoolsms.domain.sending.estimates import Estimate, check_text, estimate_recipients, estimate_text
from schoolsms.domain.sending.recipients import Recipient, UnusedNumbers, Warned, draft, unknown_variables, with_consent
from schoolsms.domain.sending.templates import Wording
from schoolsms.domain.texts.typography import EncodingMode


@dataclass(frozen=True)
class EstimateCommand:
    """A text to estimate: to `recipients`, to those of an uploaded list by its id, or alone."""

    wording: Wording
    recipients: Sequence[Recipient] | None = None
    encoding: EncodingMode = "auto"
    recipient_list: str = ""
    confirm_placeholders: bool = False


@dataclass(frozen=True)
class EstimateCost:
    """Composes and counts as acceptance does. A suspended school may ask too. Never shows the stock (R14)."""

    schools: Schools
    consents: Consents
    templates: Templates
    lists: RecipientLists

    def estimate(self, caller: Caller, command: EstimateCommand) -> tuple[Estimate, Sequence[Warned]]:
        """The estimate, and what in the variables or the list looks like a mistake. Raises RefusedError."""
        school = require_callers_school(self.schools, caller, "sms_sender", "sms_manager")
        text = text_of(self.templates, school.uai, command.wording)
        recipients, rows = command.recipients, None
        unused: Sequence[UnusedNumbers] = ()
        if command.recipient_list:
            found = listed(self.lists, school.uai, command.recipient_list, text)
            recipients, rows, unused = found.recipients, found.rows, found.unused
        if recipients is None:
            return estimate_text(text, command.encoding), ()
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
        return estimate, (*unused, *(each for each in unknown_variables(text, recipients) if each.name not in named))
