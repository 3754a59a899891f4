"""AWS End User Messaging's codes as tables: what an error says of a handoff, what an event says of a message.

The two questions of `ovh_codes` rule the first table too: could AWS have taken the message (`uncertain`, R34), and if
not, would it ever take it (`refused`), or may another identity (`sender`), another time or another provider help
(`unavailable`)?
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Literal

from schoolsms.domain.sending.delivering.failure_reasons import ReasonCode
from schoolsms.domain.sending.delivering.handoffs import Receipt
from schoolsms.domain.sending.delivering.statuses import Final

Outcome = Literal["refused", "sender", "unavailable", "uncertain"]

NAME = "aws"
CONTEXT_KEY = "message_id"
"""Under which our id travels with a message and comes back with its events."""

ERROR_OUTCOMES: Mapping[str, Outcome] = {
    "AccessDeniedException": "unavailable",  # also an account that was disabled
    "ConflictException": "unavailable",
    "InternalServerException": "uncertain",  # "could not complete the request": how far did it come?
    "ResourceNotFoundException": "unavailable",  # our configuration set, identity or pool
    "ServiceQuotaExceededException": "unavailable",  # the month's spending limit, say
    "ServiceUnavailableException": "unavailable",  # turned away at the door
    "ThrottlingException": "unavailable",
    "ValidationException": "unavailable",
}

REASON_OUTCOMES: Mapping[str, Outcome] = {
    "DESTINATION_PHONE_NUMBER_OPTED_OUT": "refused",  # this person answered STOP: nobody else is to try
    "DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE": "refused",
    # Not permitted to our account, whatever number it names: another provider may.
    "CHANNEL_NOT_ENABLED": "unavailable",
    "COUNTRY_NOT_ENABLED": "unavailable",
    "DESTINATION_COUNTRY_BLOCKED": "unavailable",
    "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION": "unavailable",
    "DESTINATION_PHONE_NUMBER_NOT_VERIFIED": "unavailable",  # the account is in the sandbox
    "PRICE_OVER_THRESHOLD": "unavailable",
    "COUNTRY_CODE_MISMATCH": "sender",
    "INTERNATIONAL_SENDING_NOT_SUPPORTED": "sender",
    "INVALID_ARN": "sender",
    "INVALID_IDENTITY_FOR_DESTINATION_COUNTRY": "sender",
    "MESSAGE_TYPE_MISMATCH": "sender",
    "NO_ORIGINATION_IDENTITIES_FOUND": "sender",
    "NUMBER_CAPABILITIES_MISMATCH": "sender",
    "RESOURCE_NOT_ACCESSIBLE": "sender",
    "RESOURCE_NOT_ACTIVE": "sender",
    "SENDER_ID_NOT_REGISTERED": "sender",
    "SENDER_ID_NOT_SUPPORTED": "sender",
    "SENDER_ID_REQUIRES_REGISTRATION": "sender",
}
"""`Reason` of a Validation- or ConflictException; it decides before the error's name."""

IDENTITY_FIELD = "OriginationIdentity"
IDENTITY_RESOURCES = frozenset(("sender-id", "phone-number", "pool", "rcs-agent"))
"""`ResourceType` of what may send."""

MESSAGE_FIELDS = frozenset(("DestinationPhoneNumber", "MessageBody"))
"""Parameters that only this message has: when one of them is invalid, no other attempt helps."""

EVENT_STATUSES: Mapping[str, Final | None] = {
    "QUEUED": None,
    "PENDING": None,
    "SENT": None,
    "SUCCESSFUL": None,  # taken by the carrier, which is not yet the phone, even when AWS hears no more of it
    "UNKNOWN": None,  # AWS gives up asking after 72 hours, as we do
    "DELIVERED": "delivered",
    "TTL_EXPIRED": "expired",
    "INVALID": "undeliverable",
    "INVALID_MESSAGE": "undeliverable",
    "UNREACHABLE": "undeliverable",
    "CARRIER_UNREACHABLE": "undeliverable",
    "BLOCKED": "undeliverable",
    "CARRIER_BLOCKED": "undeliverable",
    "SPAM": "undeliverable",
    "PROTECT_BLOCKED": "undeliverable",
}
"""`messageStatus` of an event, once `isFinal`; before that nothing is settled. Other values are not final."""

EVENT_REASONS: Mapping[str, ReasonCode] = {
    "TTL_EXPIRED": "expired",
    "INVALID": "wrong-number",
    "INVALID_MESSAGE": "content",
    "UNREACHABLE": "phone-off",
    "CARRIER_UNREACHABLE": "network",
    "BLOCKED": "blocked",
    "CARRIER_BLOCKED": "blocked",
    "SPAM": "content",
    "PROTECT_BLOCKED": "blocked",
}
"""`messageStatus` of a message that did not arrive, as the class that is stored with it."""

_HARMLESS_CODE = re.compile(r"[A-Z_]{2,64}")
_HARMLESS_ERROR = re.compile(r"[A-Za-z]{2,60}")


def outcome_of(error: Mapping[str, Any]) -> Outcome:
    """Translate an error response of botocore to the result of the handoff. An unknown 5xx may hide a taken message."""
    reason, fields = error.get("Reason"), error.get("Fields") or ()
    if isinstance(reason, str) and reason in REASON_OUTCOMES:
        return REASON_OUTCOMES[reason]
    named = {field.get("Name") for field in fields}
    if IDENTITY_FIELD in named or error.get("ResourceType") in IDENTITY_RESOURCES:
        return "sender"
    if named & MESSAGE_FIELDS:
        return "refused"
    known = ERROR_OUTCOMES.get(str(error.get("Error", {}).get("Code")))
    status = int(error.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    return known or ("unavailable" if 300 <= status < 500 or status == 503 else "uncertain")


def error_code_of(error: Mapping[str, Any]) -> str:
    """The error's name, and its reason, where they are harmless to log, else `http-<status>`. Never its message."""
    name, reason = str(error.get("Error", {}).get("Code", "")), str(error.get("Reason") or "")
    if not _HARMLESS_ERROR.fullmatch(name):
        return f"http-{error.get('ResponseMetadata', {}).get('HTTPStatusCode', 0)}"
    return f"{name}:{reason}" if _HARMLESS_CODE.fullmatch(reason) else name


def parse_event(text: str) -> Receipt | None:
    """The receipt in an event of a configuration set's topic; None if it is none, or not of an SMS."""
    try:
        event = json.loads(text)
    except (ValueError, RecursionError):
        return None
    match event:
        case {"eventType": str(kind), "messageId": str(identity), "messageStatus": str(status)}:
            if not kind.startswith("TEXT_") or not 0 < len(identity) <= 100:
                return None
            final = event.get("isFinal") is True
            code = status if _HARMLESS_CODE.fullmatch(status) else "unreadable"
            context = event.get("context")
            message_id = context.get(CONTEXT_KEY) if isinstance(context, dict) else None
            return Receipt(
                provider=NAME,
                provider_message_id=identity,
                status=EVENT_STATUSES.get(status) if final else None,
                code=code,
                message_id=message_id if isinstance(message_id, str) and message_id else None,
                reason=EVENT_REASONS.get(status) if final else None,
            )
    return None


def is_known(code: str) -> bool:
    """Whether the table knows a receipt's `code`; if not, it is worth a warning."""
    return code in EVENT_STATUSES
