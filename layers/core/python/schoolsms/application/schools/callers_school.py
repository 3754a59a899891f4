"""Whoever acts for a school acts for one that the operator registered (R1, R2)."""

from schoolsms.application.ports.core import Schools
from schoolsms.domain.errors import NotFoundError
from schoolsms.domain.schools.access import Caller, Role
from schoolsms.domain.schools.schools import School


def own_school(schools: Schools, caller: Caller, *roles: Role) -> School:
    """The school of a caller who has one of `roles` in it. Raises Forbidden, NotFoundError."""
    school = schools.get(caller.require_school(*roles))
    if school is None:
        raise NotFoundError("Votre établissement n'est pas enregistré. Contactez Kosmos.")
    return school
