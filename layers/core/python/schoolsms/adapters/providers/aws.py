"""AWS End User Messaging (`pinpoint-sms-voice-v2`) as a provider (Prestataire), over its own client.

The client signs and reads; `Transport` sends, because it tells a message that was certainly not taken from one that may
have been. AWS chooses GSM-7 or UCS-2 by the characters of a text, as we count them.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, cast

import urllib3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from schoolsms.adapters.providers.aws_codes import CONTEXT_KEY, NAME, Outcome, error_code_of, outcome_of
from schoolsms.adapters.providers.transport import NoAnswerError, Transport
from schoolsms.domain.sending.delivering.handoffs import (
    Accepted,
    HandoffAnswer,
    OutgoingSms,
    Receipt,
    Refused,
    Unavailable,
    Uncertain,
)

if TYPE_CHECKING:
    from schoolsms.adapters.providers.context import ProviderContext

SERVICE = "pinpoint-sms-voice-v2"
SHORTEST_LIFE_SECONDS, LONGEST_LIFE_SECONDS = 5, 259_200
"""Range that AWS allows for TimeToLive; its client does not check it."""

_REFUSALS: dict[Outcome, Callable[[str], HandoffAnswer]] = {
    "refused": Refused,
    "sender": Unavailable,
    "unavailable": Unavailable,
    "uncertain": Uncertain,
}


class AwsProvider:
    """Hands SMS over to AWS. Safe to share between threads.

    `client` makes a botocore client, at the first message: most processes never need it. It is kept from retrying: AWS
    knows no idempotency token, so a retry inside it could send twice. `configuration_set` names the set whose events
    come back as receipts; `identity` is what sends when a school has no sender name, or one AWS does not know.
    """

    name = NAME
    can_be_asked = False

    def __init__(
        self,
        client: Callable[[], Any],
        configuration_set: str = "",
        identity: str = "",
        pool: urllib3.PoolManager | None = None,
        timeout_seconds: float = 10.0,
    ) -> None:
        self._make_client = client
        self._configuration_set = configuration_set
        self._identity = identity
        self._transport = Transport(pool)
        self._timeout_seconds = timeout_seconds
        self._lock = threading.Lock()
        self._client: Any = None

    def hand_off(self, sms: OutgoingSms) -> HandoffAnswer:
        """Offer `sms` once; a second time under our own identity only when the sender name was what AWS refused.

        Never raises. Takes `timeout_seconds`, twice that with a second offer.
        """
        sender = sms.sender or self._identity
        outcome, answer = self._offer(sms, sender)
        if outcome == "sender" and sender != self._identity:
            _, answer = self._offer(sms, self._identity)
        return answer

    def find(self, provider_message_id: str) -> Receipt | None:
        """Always None, because AWS cannot be asked; its events say what became of a message."""
        return None

    def find_by_message_id(self, message_id: str) -> Receipt | None:
        """As `find`."""
        return None

    def _offer(self, sms: OutgoingSms, sender: str) -> tuple[Outcome | None, HandoffAnswer]:
        try:
            client = self._open_client()
        except Exception as error:  # noqa: BLE001 - whatever keeps the client from being made
            return None, Unavailable(type(error).__name__)
        try:
            answer = client.send_text_message(**self._message(sms, sender))
        except NoAnswerError as failure:
            return None, Uncertain(failure.code) if failure.written else Unavailable(failure.code)
        except ClientError as error:
            outcome = outcome_of(error.response)
            return outcome, _REFUSALS[outcome](error_code_of(error.response))
        except ResponseParserError as error:
            return None, Uncertain(type(error).__name__)
        except BotoCoreError as error:  # for example no credentials: nothing was sent, because Transport sends
            return None, Unavailable(type(error).__name__)
        except Exception as error:  # noqa: BLE001 - an answer that nobody foresaw
            return None, Uncertain(type(error).__name__)
        identity = answer.get("MessageId")
        if isinstance(identity, str) and identity:
            return None, Accepted(identity)
        return None, Uncertain("unreadable-report")

    def _message(self, sms: OutgoingSms, sender: str) -> dict[str, Any]:
        message = {
            "DestinationPhoneNumber": sms.phone,
            "MessageBody": sms.text,
            "MessageType": "TRANSACTIONAL",
            "TimeToLive": min(max(sms.validity_seconds, SHORTEST_LIFE_SECONDS), LONGEST_LIFE_SECONDS),
            "Context": {CONTEXT_KEY: sms.message_id},
        }
        message |= {"OriginationIdentity": sender} if sender else {}
        return message | ({"ConfigurationSetName": self._configuration_set} if self._configuration_set else {})

    def _open_client(self) -> Any:
        with self._lock:
            if self._client is None:
                client = self._make_client()
                client.meta.events.register_last(f"before-send.{SERVICE}", self._send)
                client.meta.events.register_first(f"needs-retry.{SERVICE}", _never)
                self._client = client
            return self._client

    def _send(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        """Send the request by `Transport`, and return its answer to botocore. Raises NoAnswerError."""
        headers = {name: _text(value) for name, value in request.headers.items()}
        answer = self._transport.send(
            str(request.method), str(request.url), headers, _bytes(request.body), self._timeout_seconds
        )
        return AWSResponse(str(request.url), answer.status, cast(Any, answer.headers), _Raw(answer.data))


def build(of: ProviderContext) -> AwsProvider:
    """AWS as the settings say."""
    return AwsProvider(
        client=lambda: of.aws_client(SERVICE, of.setting("aws_sms_endpoint")),
        configuration_set=of.setting("aws_sms_configuration_set"),
        identity=of.setting("aws_sms_identity"),
    )


def _never(**_: object) -> bool:
    """No second attempt, whatever the client's settings say."""
    return False


class _Raw(io.BytesIO):
    """A whole answer, as botocore wants to read it."""

    def stream(self) -> Iterator[bytes]:
        yield self.read()


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _bytes(value: Any) -> bytes:
    return value.encode() if isinstance(value, str) else value
