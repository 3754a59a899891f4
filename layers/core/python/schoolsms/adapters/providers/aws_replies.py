"""Answers of recipients, as two-way SMS of AWS End User Messaging brings them by a topic."""

import json

from schoolsms.adapters.providers.aws_codes import NAME
from schoolsms.domain.consents.replies import Reply


def parse_reply(text: str) -> Reply | None:
    """The answer in a message of the topic, None if it is none."""
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return None
    match read:
        case {"originationNumber": str(phone), "messageBody": str(body), "inboundMessageId": str(identity)}:
            return Reply(NAME, phone, body, identity)
    return None
