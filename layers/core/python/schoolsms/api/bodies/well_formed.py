"""Bodies read without their model, because pydantic takes a third of a function's start.

Only what the model takes without a change is taken here; anything unusual goes to the model, which says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from schoolsms.domain.sending.recipients import Recipient
from schoolsms.domain.sending.send_requests import MAX_RECIPIENTS

if TYPE_CHECKING:
    from schoolsms.api.bodies.sending import SendRequestBody
    from schoolsms.application.sending.accepting.accept_send_request import SendCommand

MAX_TEXT = 5_000
"""Characters of a text before its variables are replaced: far above what 5 SMS hold, far below what hurts."""

LONGEST_PHONE = 64
LONGEST_TEMPLATE = LONGEST_LIST = 200

_ENCODINGS = ("auto", "gsm", "unicode")
_NO_VARIABLES: dict[str, str] = {}
_USUAL = {"text", "template", "recipients", "recipient_list", "encoding", "confirm_duplicates", "confirm_placeholders"}


class Reader(NamedTuple):
    """How a body becomes the command of a use case.

    `well_formed` returns None for what it leaves to the `model`, which has a method `command` and is imported when
    first asked for.
    """

    model: Callable[[], type[SendRequestBody]]
    well_formed: Callable[[object], SendCommand | None]

    def read(self, posted: object) -> SendCommand:
        """Return the command. Raises pydantic's ValidationError."""
        command = self.well_formed(posted)
        return self.model().model_validate(posted).command() if command is None else command

    def read_unchecked(self, posted: Any, strings: int) -> SendCommand | None:
        """Return the command of a usual body in which `strings` names and strings were written; None if that is more
        than it has, because an object gave a name twice."""
        command = self.well_formed(posted)
        return command if command and strings == _strings(posted, command.recipients) else None


def recipients(posted: object) -> list[Recipient] | None:
    """All of them, one at least, if `RecipientBody` would take each."""
    if type(posted) is not list or not 0 < len(posted) <= MAX_RECIPIENTS:
        return None
    taken = []
    make = tuple.__new__  # half the work of `Recipient(…)`, and ten thousand are made
    for each in posted:
        if type(each) is not dict:
            return None
        phone = each.get("phone")
        if type(phone) is not str or len(phone) > LONGEST_PHONE:
            return None
        variables = each.get("variables", _NO_VARIABLES)
        if type(variables) is not dict or len(each) != 1 + (variables is not _NO_VARIABLES):
            return None
        for value in variables.values():
            if type(value) is not str or len(value) > MAX_TEXT:
                return None
        taken.append(make(Recipient, (phone, variables)))
    return taken


def send_command(posted: object) -> SendCommand | None:
    """The command, if `SendRequestBody` would take the body; None also for a `send_at`, which the model reads."""
    if type(posted) is not dict or not posted.keys() <= _USUAL:
        return None
    wording = _one_of(posted, text=MAX_TEXT, template=LONGEST_TEMPLATE)
    to = recipients(posted["recipients"]) if "recipients" in posted else []
    listed = _text(posted["recipient_list"], LONGEST_LIST) if "recipient_list" in posted else ""
    encoding = posted.get("encoding", "auto")
    confirmed = [posted.get(name, False) for name in ("confirm_duplicates", "confirm_placeholders")]
    if wording is None or to is None or listed is None or bool(to) == bool(listed):
        return None
    if type(encoding) is not str or encoding not in _ENCODINGS or any(type(each) is not bool for each in confirmed):
        return None
    return _command(*wording, to, encoding, listed, *confirmed)


def _strings(posted: dict[str, Any], to: Sequence[Recipient]) -> int:
    """Names and strings in a body that `send_command` took; `to` are its recipients."""
    outside = len(posted) + sum(type(value) is str for value in posted.values())
    names = sum(map(len, posted.get("recipients", ())))
    return outside + names + len(to) + 2 * sum([len(each.variables) for each in to])


def _one_of(posted: dict[str, Any], **longest: int) -> tuple[str, str] | None:
    """Name and text of the one of these fields that is there."""
    given = [name for name in longest if name in posted]
    if len(given) != 1:
        return None
    text = _text(posted[given[0]], longest[given[0]])
    return None if text is None else (given[0], text)


def _text(posted: object, longest: int) -> str | None:
    return posted if type(posted) is str and 0 < len(posted) <= longest else None


def _command(
    field: str,
    text: str,
    to: list[Recipient],
    encoding: Any,
    listed: str,
    duplicates: bool,
    placeholders: bool,
) -> SendCommand:
    from schoolsms.application.sending.accepting.accept_send_request import SendCommand
    from schoolsms.domain.sending.templates import TemplateNamed

    return SendCommand(
        wording=text if field == "text" else TemplateNamed(text),
        recipients=to,
        encoding=encoding,
        confirm_duplicates=duplicates,
        recipient_list=listed,
        confirm_placeholders=placeholders,
    )


def _send_request_body() -> type[SendRequestBody]:
    from schoolsms.api.bodies.sending import SendRequestBody

    return SendRequestBody


SEND_REQUEST = Reader(_send_request_body, send_command)
