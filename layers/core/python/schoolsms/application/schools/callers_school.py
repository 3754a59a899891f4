"""The registered school that a caller acts for (R1, R2)."""

from schoolsms.application.ports.core import Schools
from schoolsms.domain.errors import NotFoundError
from schoolsms.domain.schools.access import Caller, Role
from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.uai import upper_case_uai

_NOT_REGISTERED = "Cet établissement n'est pas enregistré."
_YOURS_IS_NOT_REGISTERED = "Votre établissement n'est pas enregistré. Contactez Kosmos."


def school_to_read(schools: Schools, caller: Caller, named: str | None) -> School | None:
    """Return the school whose accounts a manager, or the operator, may read: their own, or the `named` one.

    None for the operator who names none. Raises Forbidden, and NotFoundError for a school that is not registered or,
    to a manager, another's (R2).
    """
    own = caller.require_operator_or_school("sms_manager")
    if own is None and not named:
        return None
    uai = upper_case_uai(named) if named else own
    school = schools.get(uai) if uai and own in (None, uai) else None
    if school is None:
        raise NotFoundError(_NOT_REGISTERED if named else _YOURS_IS_NOT_REGISTERED)
    return school


def registered_school(schools: Schools, uai: str) -> School:
    """Return the school. Raises NotFoundError if it is not registered."""
    school = schools.get(uai)
    if school is None:
        raise NotFoundError(_NOT_REGISTERED)
    return school


def require_callers_school(schools: Schools, caller: Caller, *roles: Role) -> School:
    """Return the caller's school. Raises Forbidden without one of `roles`, NotFoundError if it is not registered."""
    school = schools.get(caller.require_school(*roles))
    if school is None:
        raise NotFoundError(_YOURS_IS_NOT_REGISTERED)
    return school
