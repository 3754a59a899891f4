"""Acts about a school, checked where they come in over HTTP (R23, R27)."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from schoolsms.contracts_base import StrictBody


class ReasonBody(StrictBody):
    """`POST /v1/schools/{uai}/suspension` and `/termination`."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


def _country(written: str) -> str:
    from phonenumbers import SUPPORTED_REGIONS  # ISO 3166 as far as numbers go; only the operator's function needs it

    if written not in SUPPORTED_REGIONS:
        raise PydanticCustomError("country", "Ce code de pays est inconnu : deux majuscules de la norme ISO 3166.")
    return written


PhoneCountry = Annotated[str, AfterValidator(_country)]


class DestinationBody(StrictBody):
    """One SMS to that country takes `multiplier` of the stock."""

    multiplier: Annotated[int, Field(ge=1, le=100, strict=True)]


class DestinationsBody(StrictBody):
    """`PUT /v1/schools/{uai}/destinations`."""

    sending_country: PhoneCountry
    destinations: dict[PhoneCountry, DestinationBody]

    def multipliers(self) -> dict[str, int]:
        return {country: each.multiplier for country, each in self.destinations.items()}


class AcceptanceBody(StrictBody):
    """`POST /v1/destinations/acceptance`; the version that was read makes sure that no other is accepted."""

    version: Annotated[int, Field(ge=1)] | None = None
