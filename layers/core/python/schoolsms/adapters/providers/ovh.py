"""OVHcloud SMS as a provider (Prestataire), over its signed HTTP API."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import urllib3

from schoolsms.adapters.providers.ovh_codes import (
    error_code_of,
    is_about_credentials,
    outcome_of,
    parse_receipt,
    receipt_of,
)
from schoolsms.adapters.providers.transport import NoAnswerError, Transport
from schoolsms.domain.errors import SchoolSmsError, TransientError
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
    from schoolsms.application.ports.provider_calls import ReceiptCall

__all__ = ["OvhCredentials", "OvhProvider", "build", "parse_receipt", "receipt_reader"]

_CODINGS = {"gsm": "7bit", "unicode": "8bit"}
_REFUSALS: dict[str, Callable[[str], HandoffAnswer]] = {
    "refused": Refused,
    "sender": partial(Unavailable, fault=False),
    "unavailable": Unavailable,
    "uncertain": Uncertain,
}
_TIMEOUT_SECONDS, _PROVIDER_TIME_SECONDS = 10.0, 3.0
LONGEST_HANDOFF_SECONDS = 2 * (_TIMEOUT_SECONDS + _PROVIDER_TIME_SECONDS)
"""The longest handoff: one request, refused for its signature and sent again, without the time to read the keys."""

_RENEWAL_SECONDS = 60.0


@dataclass(frozen=True)
class OvhCredentials:
    """The three keys of OVHcloud's API."""

    application_key: str
    application_secret: str = field(repr=False)
    consumer_key: str = field(repr=False)


@dataclass(frozen=True)
class _Session:
    """Signs requests, with the keys and the lead of the provider's clock over ours, in seconds."""

    credentials: OvhCredentials
    drift: int
    opened_at: float
    renewed: bool


class OvhProvider:
    """Hands SMS over to OVHcloud. Safe to share between threads.

    `credentials` is called at the first request and again after the provider refused the keys (at most once a
    minute): it should read them afresh and raise TransientError when it cannot. `endpoint` ends in `/1.0`.
    """

    can_be_asked = True

    def __init__(
        self,
        credentials: Callable[[], OvhCredentials],
        endpoint: str,
        service_name: str,
        name: str = "ovh",
        pool: urllib3.PoolManager | None = None,
        clock: Callable[[], float] = time.time,
        timeout_seconds: float = _TIMEOUT_SECONDS,
    ) -> None:
        self._credentials = credentials
        self._endpoint = endpoint.rstrip("/")
        self._service = f"/sms/{quote(service_name, safe='')}"
        self._name = name
        self._transport = Transport(pool, clock)
        self._clock = clock
        self._timeout_seconds = timeout_seconds
        self._lock = threading.Lock()
        self._session: _Session | None = None
        self._failures, self._failure = 0, ""

    @property
    def name(self) -> str:
        return self._name

    def hand_off(self, sms: OutgoingSms) -> HandoffAnswer:
        """Offer `sms` once. Only a request refused for its signature, thus before its work, is sent again.

        Never raises. Takes `timeout_seconds`, 3 s more where the provider's time is asked first.
        """
        try:
            status, document = self._call("POST", f"{self._service}/jobs", _job(sms))
        except NoAnswerError as failure:
            return Uncertain(failure.code) if failure.written else Unavailable(failure.code)
        if 200 <= status < 300:
            return _read_report(document)
        return _REFUSALS[outcome_of(status, document)](error_code_of(status, document))

    def find(self, provider_message_id: str) -> Receipt | None:
        """Ask the provider about one of its ids; `message_id` is ours. Raises TransientError."""
        document = self._get(f"{self._service}/outgoing/{quote(provider_message_id, safe='')}")
        if document is None:
            return None
        match document:
            case {"deliveryReceipt": int(description), "ptt": int(ptt)}:
                tag = document.get("tag")
                message_id = tag if isinstance(tag, str) and tag else None
                return receipt_of(self._name, provider_message_id, description, ptt, message_id)
        raise TransientError(f"{self._name} described an SMS in a way not known")

    def find_by_message_id(self, message_id: str) -> Receipt | None:
        """Ask the provider what became of our `message_id`, to settle `uncertain` (R34). Raises TransientError.

        None is proof that it was not taken only after its validity has ended: OVHcloud lists an SMS as outgoing once it
        left its queue. An empty list says so, and nothing else: 404 is about the service, not about the message.
        """
        identities = self._get(f"{self._service}/outgoing?tag={quote(message_id, safe='')}")
        if not isinstance(identities, list):
            raise TransientError(f"{self._name} listed its SMS in a way not known")
        if not identities:
            return None
        found = (self.find(str(identity)) for identity in identities)
        receipt = next((each for each in found if each is not None), None)
        if receipt is None:
            raise TransientError(f"{self._name} listed an SMS that it does not know")
        return receipt

    def _get(self, path: str) -> Any:
        """The JSON document at `path`, None when there is none. Raises TransientError."""
        try:
            status, document = self._call("GET", path)
        except NoAnswerError as failure:
            raise TransientError(f"{self._name} did not answer: {failure.code}") from failure
        if status == 404:
            return None
        if status != 200 or document is None:
            raise TransientError(f"{self._name} answered {error_code_of(status, document)}")
        return document

    def _call(self, method: str, path: str, body: bytes = b"") -> tuple[int, Any]:
        """Status and JSON document (None when it is none) of a signed request. Raises NoAnswerError."""
        session = self._open_session()
        status, document = self._signed(session, method, path, body)
        if is_about_credentials(status, document) and self._may_renew(session):
            status, document = self._signed(self._open_session(), method, path, body)
        return status, document

    def _open_session(self, renewed: bool = False) -> _Session:
        failures = self._failures
        with self._lock:
            if self._session is None or renewed:
                if self._failures != failures:
                    # It failed while we waited for it: ten threads that tried in turn would outlast their claims.
                    raise NoAnswerError(self._failure, written=False)
                try:
                    self._session = self._new_session(renewed)
                except NoAnswerError as failure:
                    self._failures, self._failure = self._failures + 1, failure.code
                    raise
            return self._session

    def _new_session(self, renewed: bool) -> _Session:
        try:
            credentials = self._credentials()
        except SchoolSmsError as error:
            raise NoAnswerError("no-credentials", written=False) from error
        now = self._clock()
        drift = self._provider_time(credentials) - int(now)
        return _Session(credentials, drift, now, renewed)

    def _may_renew(self, refused: _Session) -> bool:
        """Renew keys and clock after `refused`; False when that was done lately and did not help."""
        with self._lock:
            if self._session is not refused:
                return True  # another thread has renewed it since
            recent = self._clock() - refused.opened_at < _RENEWAL_SECONDS
        if refused.renewed and recent:
            return False
        self._open_session(renewed=True)
        return True

    def _provider_time(self, credentials: OvhCredentials) -> int:
        headers = {"X-Ovh-Application": credentials.application_key}
        status, document = self._send(
            "GET",
            f"{self._endpoint}/auth/time",
            headers,
            b"",
            min(_PROVIDER_TIME_SECONDS, self._timeout_seconds),
        )
        if status != 200 or not isinstance(document, int):
            raise NoAnswerError("no-provider-time", written=False)
        return document

    def _signed(self, session: _Session, method: str, path: str, body: bytes) -> tuple[int, Any]:
        url = self._endpoint + path
        keys = session.credentials
        timestamp = str(int(self._clock()) + session.drift)
        signed = (keys.application_secret, keys.consumer_key, method, url, body.decode(), timestamp)
        # SHA-1 is the provider's choice; the shared secret inside makes it a signature.
        digest = hashlib.sha1("+".join(signed).encode()).hexdigest()  # noqa: S324
        headers = {
            "X-Ovh-Application": keys.application_key,
            "X-Ovh-Consumer": keys.consumer_key,
            "X-Ovh-Timestamp": timestamp,
            "X-Ovh-Signature": f"$1${digest}",
        }
        return self._send(method, url, headers, body, self._timeout_seconds)

    def _send(
        self, method: str, url: str, headers: dict[str, str], body: bytes, timeout_seconds: float
    ) -> tuple[int, Any]:
        if body:
            headers = headers | {"Content-Type": "application/json", "Content-Length": str(len(body))}
        answer = self._transport.send(method, url, headers, body, timeout_seconds)
        try:
            return answer.status, json.loads(answer.data)
        except (ValueError, RecursionError):
            return answer.status, None


def build(of: ProviderContext, endpoint: str = "", service_name: str = "", name: str = "ovh") -> OvhProvider:
    """OVHcloud as the settings say, or something that speaks its protocol at another `endpoint`."""

    def credentials() -> OvhCredentials:
        return OvhCredentials(*of.keys("application_key", "application_secret", "consumer_key"))

    return OvhProvider(
        credentials, endpoint or of.setting("ovh_endpoint"), service_name or of.setting("ovh_service_name"), name
    )


def receipt_reader(name: str) -> Callable[[ReceiptCall], Receipt | None]:
    """Reads OVHcloud's calls as those of provider `name`."""
    return lambda call: parse_receipt(call.query, name)


def _job(sms: OutgoingSms) -> bytes:
    job: dict[str, object] = {
        "message": sms.text,
        "receivers": [sms.phone],
        "noStopClause": True,
        "priority": "high",
        "coding": _CODINGS[sms.coding],
        "charset": "UTF-8",
        "tag": sms.message_id,
        "validityPeriod": max(1, sms.validity_seconds // 60),
    }
    # Without a sender name OVHcloud wants its short number named, as its own client does.
    job |= {"sender": sms.sender} if sms.sender else {"senderForResponse": True}
    return json.dumps(job).encode()


def _read_report(document: object) -> HandoffAnswer:
    match document:
        case {"ids": [int(identity), *_]}:
            return Accepted(str(identity))
        case {"ids": [], "invalidReceivers": [_, *_]}:
            return Refused("invalid-receiver")
    return Uncertain("unreadable-report")
