"""Mends of mistakes in stocks and invoices, checked where they come in over HTTP (R8, R18, R41)."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from schoolsms.api.bodies.base import Line, Lines, StrictBody, StrictRoot
from schoolsms.api.bodies.values import Email
from schoolsms.domain.schools.stock.corrections import MOST_SMS, CorrectedType, Proposal
from schoolsms.domain.schools.stock.ledger_causes import Cause


def _some(sms: int) -> int:
    if sms == 0:
        raise PydanticCustomError("sms", "Indiquez combien de SMS ajouter, ou retirer (nombre négatif).")
    return sms


class CorrectedBody(StrictBody):
    """The order or send request whose ledger entry was wrong."""

    type: CorrectedType
    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,60}$")]


class CorrectionBody(StrictBody):
    """`POST /v1/schools/{uai}/corrections`; the same again on the same day is the same correction."""

    sms: Annotated[
        int,
        Field(ge=-MOST_SMS, le=MOST_SMS, description="SMS to add, or negative to take back."),
        AfterValidator(_some),
    ]
    reason: Annotated[str, Lines(1000), Field(description="Mailed to every manager once it is confirmed.")]
    corrects: CorrectedBody | None = None

    def proposal(self) -> Proposal:
        corrects = Cause(self.corrects.type, self.corrects.id) if self.corrects else None
        return Proposal(self.sms, self.reason, corrects)


class ConfirmBody(StrictBody):
    decision: Literal["confirm"]


class RefuseBody(StrictBody):
    decision: Literal["refuse"]
    reason: Annotated[str, Lines(1000)]


class CorrectionDecisionBody(StrictRoot[Annotated[ConfirmBody | RefuseBody, Field(discriminator="decision")]]):
    """`PUT /v1/schools/{uai}/corrections/{id}/decision`."""


class CreditNoteBody(StrictBody):
    """`POST /v1/invoices/{number}/credit-note`."""

    reason: Annotated[str, Line(300), Field(description="Printed on the credit note, and mailed.")]


class MailAgainBody(StrictBody):
    """`POST /v1/invoices/{number}/mail`."""

    to: Annotated[Email, Field(description="One address of the school's; else all that it wants notified.")] | None = (
        None
    )
