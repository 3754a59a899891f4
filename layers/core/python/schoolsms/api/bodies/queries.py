"""Queries of routes that read: checked as bodies are, with what other parameters say left to the route."""

from pydantic import ConfigDict, Field

from schoolsms.api.bodies.base import Day, StrictBody


class UsageQuery(StrictBody):
    """The query of `GET /v1/usage`; days where the school is, both included."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True, populate_by_name=True)

    since: Day | None = Field(default=None, alias="from")
    until: Day | None = Field(default=None, alias="to")
