"""The registered school that a caller acts for (R1, R2)."""

from schoolsms.application.ports.core import Schools
from schoolsms.domain.errors import NotFoundError
from schoolsms.domain.schools.access import Caller, Role
from schoolsms.domain.schools.schools import School


def require_callers_school(schools: Schools, caller: Caller, *roles: Role) -> School:
    """Return the caller's school. Raises Forbidden without one of `roles`, NotFoundError if it is not registered."""
    school = schools.get(caller.require_school(*roles))
    if school is None:
        raise NotFoundError("Votre établissement n'est pas enregistré. Contactez Kosmos.")
    return school
