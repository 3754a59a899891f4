"""AWS End User Messaging's side of the simulated phone network: `SendTextMessage` and its events.

Point a client there with `AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2`.
"""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from aiohttp import web

from local.phone_network.rules import News, UndeliveredReceiptError, count
from local.phone_network.store import Sms

if TYPE_CHECKING:
    from local.phone_network.network import PhoneNetwork

EVENTS: Mapping[News, tuple[str, bool, str]] = {
    "pending": ("TEXT_PENDING", False, "The message is pending"),
    "delivered": ("TEXT_DELIVERED", True, "Message has been accepted by phone"),
    "failed": ("TEXT_UNREACHABLE", True, "The phone is unreachable"),
}
"""`eventType`, `isFinal`, `messageStatusDescription`."""

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")


class AwsProtocol:
    """Serves `/aws` in JSON 1.0 and hands events to `publish_event`."""

    def __init__(
        self, network: PhoneNetwork, publish_event: Callable[[dict[str, Any]], Awaitable[None]] | None
    ) -> None:
        self._network = network
        self._publish_event = publish_event

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/aws", self._call), web.post("/aws/", self._call)]

    async def report(self, sms: Sms, news: News) -> None:
        """Publish one event. Raises UndeliveredReceiptError."""
        await self._publish(_event(sms, news))

    async def report_reply(self, phone: str, text: str) -> None:
        """Publish what a phone answered, as two-way SMS does. Raises UndeliveredReceiptError."""
        reply = {
            "originationNumber": phone,
            "destinationNumber": "+33600000000",
            "messageKeyword": "KEYWORD",
            "messageBody": text,
            "inboundMessageId": str(uuid.uuid4()),
            "previousPublishedMessageId": str(uuid.uuid4()),
        }
        await self._publish(reply)

    async def _publish(self, event: dict[str, Any]) -> None:
        if self._publish_event is None:
            return
        try:
            await self._publish_event(event)
        except Exception as error:
            raise UndeliveredReceiptError(type(error).__name__, again=True) from error

    async def _call(self, request: web.Request) -> web.Response:
        if not request.headers.get("Authorization", "").startswith("AWS4-HMAC-SHA256 "):
            return _error(403, "AccessDeniedException", "Missing authentication token")
        if request.headers.get("X-Amz-Target") != "PinpointSMSVoiceV2.SendTextMessage":
            return _error(400, "UnknownOperationException", "Unknown operation")
        try:
            message = json.loads(await request.read())
        except ValueError:
            return _error(400, "SerializationException", "Not JSON")
        return await self._send(message)

    async def _send(self, message: dict[str, Any]) -> web.Response:
        phone, text = message.get("DestinationPhoneNumber"), message.get("MessageBody")
        context, lifetime = message.get("Context") or {}, message.get("TimeToLive", 72 * 3600)
        if not isinstance(phone, str) or not _NUMBER.fullmatch(phone):
            return _error(400, "ValidationException", "Wrong", "INVALID_PARAMETER", "DestinationPhoneNumber")
        if not isinstance(text, str) or not 0 < len(text) <= 1600 or len(context) > 5:
            return _error(400, "ValidationException", "MessageBody or Context", "INVALID_PARAMETER")
        if not 5 <= lifetime <= 259200:
            return _error(400, "ValidationException", "Wrong", "INVALID_PARAMETER", "TimeToLive")
        if message.get("MessageType") != "TRANSACTIONAL":
            return _error(400, "ValidationException", "Wrong", "INVALID_PARAMETER", "MessageType")
        # There is no idempotency token: the first value of the context tells one message from the next.
        tag = next(iter(context.values()), "")
        taken = self._network.offer("aws", phone, text, message.get("OriginationIdentity"), tag, context=context)
        if taken == "busy":
            return _error(503, "ServiceUnavailableException", "Service unavailable")
        if taken == "invalid":
            return _error(400, "ValidationException", "Invalid number", "INVALID_PARAMETER", "DestinationPhoneNumber")
        assert isinstance(taken, Sms)
        await self._network.hold_answer(phone)
        return _answer(200, {"MessageId": message_id_of(taken)})


def message_id_of(sms: Sms) -> str:
    """The id AWS would give: a UUID."""
    return str(uuid.UUID(int=sms.id))


def _event(sms: Sms, news: News) -> dict[str, Any]:
    event_type, is_final, words = EVENTS[news]
    encoding, parts = count(sms.text, sms.coding)
    return {
        "eventType": event_type,
        "eventVersion": "1.0",
        "eventTimestamp": int(time.time() * 1000),
        "isFinal": is_final,
        "originationPhoneNumber": sms.sender,
        "destinationPhoneNumber": sms.phone,
        "messageId": message_id_of(sms),
        "messageEncoding": "GSM" if encoding == "gsm" else "Unicode",
        "messageType": "TRANSACTIONAL",
        "messageStatus": event_type.removeprefix("TEXT_"),
        "messageStatusDescription": words,
        "context": sms.context,
        "totalMessageParts": parts,
    }


def _error(status: int, kind: str, message: str, reason: str | None = None, field: str | None = None) -> web.Response:
    body: dict[str, Any] = {"__type": kind, "Message": message} | ({"Reason": reason} if reason else {})
    return _answer(status, body | ({"Fields": [{"Name": field, "Message": message}]} if field else {}))


def _answer(status: int, body: dict[str, Any]) -> web.Response:
    return web.Response(status=status, body=json.dumps(body).encode(), content_type="application/x-amz-json-1.0")
