"""Sentences that several mails about orders share."""

from collections.abc import Sequence

from schoolsms.application.mails.layout import Points
from schoolsms.domain.french import NBSP, french_date
from schoolsms.domain.orders.packs import Pack
from schoolsms.domain.orders.review.order_reasons import Reason, with_named_packs
from schoolsms.domain.orders.review.working_time import DayOff, DaysOff, spans


def not_counted(off: Sequence[DayOff]) -> tuple[str, ...]:
    """Name the public holidays and closure days that moved a deadline (R9); nothing if none did."""
    if not off:
        return ()
    named = ", ".join(f"{_span(each)} ({each.name})" for each in spans(off))
    return (f"Ne sont pas comptés dans ce délai : {named}.",)


def _span(of: DaysOff) -> str:
    if of.first == of.last:
        return f"le {french_date(of.first)}"
    return f"du {french_date(of.first)} au {french_date(of.last)}"


def capitalised(text: str) -> str:
    """`text` as a sentence begins."""
    return text[:1].upper() + text[1:]


def points(reasons: Sequence[Reason], packs: Sequence[Pack]) -> Points:
    """Each thing wrong with its remedy; `packs` are those of the form, if it is known."""
    return Points([with_named_packs(f"{reason.label}{NBSP}– {reason.remedy}.", packs) for reason in reasons])
