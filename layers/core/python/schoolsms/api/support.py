"""Name whom a school can ask, in what a person reads of a refusal (R51)."""

from schoolsms.domain.schools.support_contact import SupportContact
from schoolsms.settings import Support


def with_contact(detail: str) -> str:
    """`detail`, with the ways to ask after « contactez Kosmos »."""
    if "ontactez Kosmos" not in detail:
        return detail
    config = Support()
    return SupportContact(config.support_email, config.support_phone, config.support_page).named_in(detail)
