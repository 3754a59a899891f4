"""Bodies of requests to send or estimate, and of templates, checked where they come in over HTTP."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import (
    Field,
    GetPydanticSchema,
    PlainValidator,
    StringConstraints,
    ValidatorFunctionWrapHandler,
    model_validator,
)
from pydantic_core import PydanticCustomError, core_schema

from schoolsms.api.bodies import well_formed
from schoolsms.api.bodies.base import MOMENT, StrictBody, read_instant, read_moment
from schoolsms.api.bodies.well_formed import LONGEST_LIST, LONGEST_PHONE, LONGEST_TEMPLATE, MAX_TEXT
from schoolsms.domain.sending.recipients import Recipient
from schoolsms.domain.sending.send_requests import MAX_RECIPIENTS
from schoolsms.domain.sending.templates import TemplateNamed, Wording

if TYPE_CHECKING:
    from schoolsms.application.sending.accepting.accept_send_request import SendCommand
    from schoolsms.application.sending.accepting.estimate_cost import EstimateCommand

Text = Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT)]
Encoding = Literal["auto", "gsm", "unicode"]
ListId = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_LIST)]

_RECIPIENTS_OR_LIST = "Donnez des destinataires (recipients) ou une liste déposée (recipient_list)."


class RecipientBody(StrictBody):
    phone: Annotated[str, StringConstraints(max_length=LONGEST_PHONE)]
    variables: Mapping[str, Annotated[str, StringConstraints(max_length=MAX_TEXT)]] = Field(default_factory=dict)


def _taken(posted: object, check: ValidatorFunctionWrapHandler) -> list[Recipient]:
    """Recipients as they are if all are well-formed: a model of each would take half the time of accepting.

    If anything is amiss, `check`, which is pydantic with `RecipientBody`, says what and where.
    """
    taken = well_formed.recipients(posted)
    return taken if taken is not None else [Recipient(each.phone, each.variables) for each in check(posted)]


def _recipients(least: int) -> GetPydanticSchema:
    """Schema that the `Recipients` of a body are checked with."""
    bodies = Annotated[list[RecipientBody], Field(min_length=least, max_length=MAX_RECIPIENTS)]
    return GetPydanticSchema(lambda _, handler: core_schema.no_info_wrap_validator_function(_taken, handler(bodies)))


class TextOrTemplate(StrictBody):
    """A body that says what to write: a text, or a template of the school by its name; never both."""

    text: Text | None = None
    template: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEMPLATE)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.text is None) == (self.template is None):
            raise PydanticCustomError("text_or_template", "Donnez un texte (text) ou le nom d'un modèle (template).")
        return self

    def wording(self) -> Wording:
        """Return the wording that `application.keep_templates.text_of` reads."""
        return TemplateNamed(self.template) if self.template is not None else self.text or ""


def _send_at(written: object) -> datetime:
    """An instant in UTC, or one without a zone, which is on the school's own clock."""
    try:
        moment = read_moment(written)
        return read_instant(written) if moment.tzinfo else moment
    except ValueError:
        raise PydanticCustomError("send_at", "Un instant est attendu, par exemple 2026-11-23T18:00:00+01:00.") from None


SendAt = Annotated[datetime | None, PlainValidator(_send_at), MOMENT]


class SendRequestBody(TextOrTemplate):
    """`POST /v1/send-requests`: recipients, or the list that was uploaded."""

    recipients: Annotated[list[Recipient], _recipients(least=1)] | None = None
    recipient_list: ListId | None = None
    encoding: Encoding = "auto"
    send_at: SendAt = None
    confirm_duplicates: bool = False
    confirm_placeholders: bool = False

    @model_validator(mode="after")
    def _recipients_or_list(self) -> Self:
        if (self.recipients is None) == (self.recipient_list is None):
            raise PydanticCustomError("recipients_or_list", _RECIPIENTS_OR_LIST)
        return self

    def command(self) -> "SendCommand":
        from schoolsms.application.sending.accepting.accept_send_request import (
            SendCommand,  # a function loads one of the two
        )

        return SendCommand(
            wording=self.wording(),
            recipients=self.recipients or [],
            encoding=self.encoding,
            send_at=self.send_at,
            confirm_duplicates=self.confirm_duplicates,
            recipient_list=self.recipient_list or "",
            confirm_placeholders=self.confirm_placeholders,
        )


class EstimateBody(TextOrTemplate):
    """`POST /v1/estimates`: to recipients, to an uploaded list, or to nobody yet."""

    recipients: Annotated[list[Recipient], _recipients(least=0)] | None = None
    recipient_list: ListId | None = None
    encoding: Encoding = "auto"
    confirm_placeholders: bool = False
    send_at: SendAt = None

    @model_validator(mode="after")
    def _at_most_one_of_both(self) -> Self:
        if self.recipients and self.recipient_list:
            raise PydanticCustomError("recipients_or_list", _RECIPIENTS_OR_LIST)
        return self

    def command(self) -> "EstimateCommand":
        """An empty list of recipients is none."""
        from schoolsms.application.sending.accepting.estimate_cost import EstimateCommand

        return EstimateCommand(
            self.wording(),
            self.recipients or None,
            self.encoding,
            self.recipient_list or "",
            self.confirm_placeholders,
            self.send_at,
        )


class TemplateBody(StrictBody):
    """`PUT /v1/templates/{name}`."""

    text: Text
    confirm_placeholders: bool = False
