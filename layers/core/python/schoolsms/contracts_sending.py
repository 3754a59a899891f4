"""What is to be sent, or estimated, or kept to be sent: checked where it comes in over HTTP."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from schoolsms.application.accept_send_request import SendCommand
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


class SendRequestBody(StrictBody):
    """`POST /v1/send-requests`."""

    text: Text
    recipients: Annotated[list[RecipientBody], Field(min_length=1, max_length=MAX_RECIPIENTS)]
    encoding: Encoding = "auto"

    def command(self) -> SendCommand:
        return SendCommand(self.text, [each.recipient() for each in self.recipients], self.encoding)


class TemplateBody(StrictBody):
    """`PUT /v1/templates/{name}`."""

    text: Text
