"""Queries of routes that read: checked as bodies are, with what other parameters say left to the route."""

from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from schoolsms.api.bodies.base import Day, StrictBody


class DayQuery(StrictBody):
    """The query of `GET /v1/pack-in-use`; a day where the school is."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True, populate_by_name=True)

    at: Day | None = None


class TraceQuery(StrictBody):
    """The query of `GET /v1/schools/{uai}/trace`; a day where the school is."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True, populate_by_name=True)

    phone: Annotated[str, StringConstraints(max_length=64)]
    day: Day | None = None


class UsageQuery(StrictBody):
    """The query of `GET /v1/usage`; days where the school is, both included."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True, populate_by_name=True)

    since: Day | None = Field(default=None, alias="from")
    until: Day | None = Field(default=None, alias="to")
