"""Whom schools can ask, as the functions that mail them name it."""

from schoolsms.domain.schools.support_contact import SupportContact
from schoolsms.settings import Support


def support_contact() -> SupportContact:
    return SupportContact(*Support().ways)
