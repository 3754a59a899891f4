"""People of a made-up school, as the issuer knows them."""

from local.players.school import SchoolPlayer
from tests.support.browser.visitor import Person


def manager_of(school: SchoolPlayer) -> Person:
    """Its SMS manager, who may send too."""
    return _person(school, school.manager.sub, school.manager.email, "Zoé Lefèvre", "sms_manager", "sms_sender")


def teacher_of(school: SchoolPlayer) -> Person:
    """A sender and no more."""
    return _person(school, school.sender.sub, school.sender.email, "Karim Benali", "sms_sender")


def _person(school: SchoolPlayer, sub: str, email: str, name: str, *roles: str) -> Person:
    return {"sub": sub, "email": email, "school": school.uai, "roles": list(roles), "name": name}
