"""What is to be sent, or estimated, or kept to be sent: checked where it comes in over HTTP."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from pydantic import Field, PlainValidator, StrictBool, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from schoolsms.application.accept_send_request import SendCommand
from schoolsms.application.estimate_cost import EstimateCommand
from schoolsms.contracts import StrictBody
from schoolsms.domain.recipients import Recipient
from schoolsms.domain.send_requests import MAX_RECIPIENTS
from schoolsms.domain.templates import TemplateNamed, Wording

MAX_TEXT = 5_000
"""Characters of a text before its variables are replaced: far above what 5 SMS hold, far below what hurts."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT)]
Encoding = Literal["auto", "gsm", "unicode"]


class RecipientBody(StrictBody):
    phone: Annotated[str, StringConstraints(max_length=64)]
    variables: Mapping[str, Annotated[str, StringConstraints(max_length=MAX_TEXT)]] = Field(default_factory=dict)

    def recipient(self) -> Recipient:
        return Recipient(self.phone, self.variables)


class TextOrTemplate(StrictBody):
    """A body that says what to write: a text, or a template of the school by its name; never both."""

    text: Text | None = None
    template: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.text is None) == (self.template is None):
            raise PydanticCustomError("text_or_template", "Donnez un texte (text) ou le nom d'un modèle (template).")
        return self

    def wording(self) -> Wording:
        """What `application.keep_templates.text_of` makes a text of."""
        return TemplateNamed(self.template) if self.template is not None else self.text or ""


def _send_at(written: object) -> datetime:
    """An instant, in UTC if it names no zone."""
    try:
        if not isinstance(written, str) or len(written) <= len("AAAA-MM-JJ"):
            raise ValueError
        instant = datetime.fromisoformat(written)
        return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise PydanticCustomError("send_at", "Un instant est attendu, par exemple 2026-11-23T18:00:00+01:00.") from None


class SendRequestBody(TextOrTemplate):
    """`POST /v1/send-requests`: recipients, or the list that was uploaded."""

    recipients: Annotated[list[RecipientBody], Field(min_length=1, max_length=MAX_RECIPIENTS)] | None = None
    recipient_list: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    encoding: Encoding = "auto"
    send_at: Annotated[datetime | None, PlainValidator(_send_at)] = None
    confirm_duplicates: StrictBool = False

    @model_validator(mode="after")
    def _recipients_or_list(self) -> Self:
        if (self.recipients is None) == (self.recipient_list is None):
            raise PydanticCustomError(
                "recipients_or_list", "Donnez des destinataires (recipients) ou une liste déposée (recipient_list)."
            )
        return self

    def command(self) -> SendCommand:
        return SendCommand(
            wording=self.wording(),
            recipients=[each.recipient() for each in self.recipients or ()],
            encoding=self.encoding,
            send_at=self.send_at,
            confirm_duplicates=self.confirm_duplicates,
            recipient_list=self.recipient_list or "",
        )


class EstimateBody(TextOrTemplate):
    """`POST /v1/estimates`; no recipients and an empty list of them are the same."""

    recipients: Annotated[list[RecipientBody], Field(max_length=MAX_RECIPIENTS)] | None = None
    encoding: Encoding = "auto"

    def command(self) -> EstimateCommand:
        recipients = [each.recipient() for each in self.recipients or ()]
        return EstimateCommand(self.wording(), recipients or None, self.encoding)


class TemplateBody(StrictBody):
    """`PUT /v1/templates/{name}`."""

    text: Text
