"""Name whom a school can ask, in what a person reads of a refusal (R51)."""

from schoolsms.domain.french import printed
from schoolsms.domain.schools.support_contact import SupportContact
from schoolsms.settings import Support


def with_contact(detail: str) -> str:
    """`detail`, with the ways to ask after « contactez Kosmos »."""
    if "ontactez Kosmos" not in detail:
        return detail
    return SupportContact(*Support().ways).named_in(detail)


def shown(sentence: str) -> str:
    """A sentence of ours that says why, or what to do, as a school reads it: `printed`, and `with_contact`."""
    return with_contact(printed(sentence))
