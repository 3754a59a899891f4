"""Whom schools can ask, as the functions that mail them name it."""

from schoolsms.domain.schools.support_contact import SupportContact
from schoolsms.settings import Support


def support_contact() -> SupportContact:
    config = Support()
    return SupportContact(config.support_email, config.support_phone, config.support_page)
