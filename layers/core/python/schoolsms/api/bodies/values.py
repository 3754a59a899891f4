"""Kinds of values of the bodies about schools: addresses of mails, countries."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from schoolsms.domain.schools.mail_addresses import is_deliverable

_EMAIL = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[^@\s<>,;]+\.[^@\s<>,;]+$"
_COUNTRY = r"^[A-Z]{2}$"


def checked_email(written: str) -> str:
    """`written`, if mail can go there. Raises PydanticCustomError."""
    if not is_deliverable(written):
        raise PydanticCustomError(
            "email", "Une adresse électronique est attendue, sans accent : par exemple prenom.nom@etablissement.fr."
        )
    return written


def _country(written: str) -> str:
    from phonenumbers import SUPPORTED_REGIONS  # ISO 3166 as far as numbers go; few functions need it

    if written not in SUPPORTED_REGIONS:
        raise PydanticCustomError("country", "Ce code de pays est inconnu : deux majuscules de la norme ISO 3166.")
    return written


Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=254),
    AfterValidator(checked_email),
    Field(json_schema_extra={"format": "email", "pattern": _EMAIL}),
]

Country = Annotated[str, AfterValidator(_country), Field(json_schema_extra={"pattern": _COUNTRY})]
"""A country there is: nothing could be sent from, or counted for, one that was mistyped."""
