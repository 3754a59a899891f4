"""Acts about a school, checked where they come in over HTTP (R23, R27)."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from schoolsms.api.bodies.base import Amount, Day, Lines, StrictBody
from schoolsms.api.bodies.values import Country, Email
from schoolsms.domain.schools.decisions.destinations import DECIMALS_OF_PRICES, Tariff
from schoolsms.domain.schools.notified import MOST_NOTIFIED


class ReasonBody(StrictBody):
    """`POST /v1/schools/{uai}/suspension` and `/termination`."""

    reason: Annotated[str, Lines(1000)]


class FormalNoticeBody(StrictBody):
    """`POST /v1/schools/{uai}/formal-notice`."""

    facts: Annotated[str, Lines(2000)]
    deadline: Annotated[Day, Field(description="the last day to comply, after today where the school is")]


class AnswerBody(StrictBody):
    """`POST /v1/schools/{uai}/formal-notice/answer`."""

    answer: Annotated[str, Lines(2000)]


class NotifiedBody(StrictBody):
    """`PUT /v1/notified`."""

    addresses: Annotated[list[Email], Field(min_length=1, max_length=MOST_NOTIFIED)]


class DestinationBody(StrictBody):
    """One SMS to that country takes `multiplier` of the stock."""

    multiplier: Annotated[int, Field(ge=1, le=100)]


class TariffBody(StrictBody):
    """Words, and euros before VAT an SMS by country, that the school accepts beside the multipliers."""

    text: Annotated[str, Lines(4000)]
    prices: dict[Country, Annotated[Decimal, Amount("0", 1_000, DECIMALS_OF_PRICES)]] = {}

    def tariff(self) -> Tariff:
        return Tariff(self.text, self.prices)


class DestinationsBody(StrictBody):
    """`PUT /v1/schools/{uai}/destinations`."""

    sending_country: Country
    destinations: dict[Country, DestinationBody]
    tariff: TariffBody | None = None

    def multipliers(self) -> dict[str, int]:
        return {country: each.multiplier for country, each in self.destinations.items()}


class AcceptanceBody(StrictBody):
    """`POST /v1/destinations/acceptance`; the version that was read makes sure that no other is accepted."""

    version: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
