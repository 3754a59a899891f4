"""What all bodies have in common."""

from pydantic import BaseModel, ConfigDict


class StrictBody(BaseModel):
    """Unknown fields are refused: a typing error must not pass for a default.

    Built when first used, as all models here: a function must not wait for those of the others.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True)
