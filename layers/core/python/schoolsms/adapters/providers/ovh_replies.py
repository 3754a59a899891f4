"""OVHcloud's calls with what recipients answer, by the names its API gives the fields of an incoming SMS.

The callback itself is not documented publicly; so the fields are read from the query, from a form or from JSON.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from schoolsms.application.ports.provider_calls import ReceiptCall
from schoolsms.domain.consents.replies import Reply

MOST_BYTES = 10_000


def reply_reader(name: str) -> Callable[[ReceiptCall], Reply | None]:
    """Reads OVHcloud's calls as those of provider `name`."""
    return lambda call: parse_reply(call, name)


def parse_reply(call: ReceiptCall, provider: str) -> Reply | None:
    """The answer in a callback (`sender`, `message`, `id` if there is one), None if malformed."""
    fields = {**_body(call.body[:MOST_BYTES]), **call.query}
    sender, message = fields.get("sender"), fields.get("message")
    if not isinstance(sender, str) or not isinstance(message, str) or not sender:
        return None
    number = sender.strip()  # a plus that was not encoded comes as a space
    international = number.isascii() and number.isdigit() and not number.startswith("0")
    identity = fields.get("id")
    known = str(identity) if isinstance(identity, str | int) else ""
    return Reply(provider, f"+{number}" if international else number, message, known)


def _body(body: bytes) -> Mapping[str, Any]:
    text = body.decode(errors="replace")
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return dict(parse_qsl(text))
    return read if isinstance(read, dict) else {}
