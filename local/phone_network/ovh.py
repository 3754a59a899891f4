"""OVHcloud's side of the simulated phone network: its SMS API, its signatures and its receipts.

A service name of `simulated` says that the service sent to a test number by its simulated provider.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp import web

from local.phone_network.rules import News, UndeliveredReceiptError, count
from local.phone_network.store import Sms

if TYPE_CHECKING:
    from local.phone_network.network import PhoneNetwork

CODES: Mapping[News, tuple[int, int, str]] = {
    "pending": (0, 3, "Creating or pending"),
    "delivered": (1, 4, "Success"),
    "failed": (2, 24, "Failed"),
}
"""`description` (also `deliveryReceipt`), `ptt`, `descriptionDlr`."""

_CLOCK_TOLERANCE_SECONDS = 60
_NUMBER = re.compile(r"(?:\+|00)([1-9][0-9]{6,14})")


class OvhProtocol:
    """Serves `/ovh/1.0/…` and calls the receipt URL."""

    def __init__(
        self,
        network: PhoneNetwork,
        receipts_base_url: str,
        receipt_secret: Callable[[], str],
        keys: Callable[[], Mapping[str, str]],
    ) -> None:
        self._network = network
        self._receipts_base_url = receipts_base_url
        self._receipt_secret = receipt_secret
        self._keys = keys

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/ovh/1.0/auth/time", self._time),
            web.post("/ovh/1.0/sms/{service}/jobs", self._send),
            web.get("/ovh/1.0/sms/{service}/outgoing", self._list),
            web.get("/ovh/1.0/sms/{service}/outgoing/{id}", self._show),
        ]

    async def report(self, sms: Sms, news: News) -> None:
        """One call of the receipt URL. Raises UndeliveredReceiptError."""
        description, ptt, words = CODES[news]
        query = {
            "id": str(sms.id),
            "ptt": str(ptt),
            "date": time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime()),
            "description": str(description),
            "descriptionDlr": words,
        }
        await self._call(f"receipts/{sms.provider}", query)

    async def report_reply(self, provider: str, phone: str, text: str) -> None:
        """One call of the URL for answers. Raises UndeliveredReceiptError."""
        await self._call(f"incoming/{provider}", {"id": str(time.time_ns()), "sender": phone, "message": text})

    async def _call(self, what: str, query: dict[str, str]) -> None:
        try:
            url = f"{self._receipts_base_url}/v1/{what}/{self._receipt_secret()}"
            async with self._network.session.get(url, params=query, allow_redirects=False) as answer:
                await answer.read()
        except (aiohttp.ClientError, TimeoutError, LookupError) as error:
            raise UndeliveredReceiptError(type(error).__name__, again=True) from None
        if not 200 <= answer.status < 300:
            # 404 is tried again: routes may not be up yet after a restart.
            again = answer.status not in (400, 401, 403, 410)
            raise UndeliveredReceiptError(f"status {answer.status}", again=again)

    async def _time(self, _: web.Request) -> web.Response:
        return web.json_response(int(time.time()))

    async def _send(self, request: web.Request) -> web.Response:
        body = await request.text()
        if refusal := self._refuse(request, body):
            return refusal
        problem, job = _read_job(body)
        if problem:
            return _error(400, "Client::BadRequest", problem)
        ids, valid, invalid = [], [], []
        for receiver in job["receivers"]:
            number = _NUMBER.fullmatch(receiver)
            taken = self._offer(request, job, "+" + number[1]) if number else "invalid"
            if taken == "busy":
                return _error(503, "Server::ServiceUnavailable", "Service unavailable")
            if isinstance(taken, Sms):
                ids.append(taken.id)
                valid.append(receiver)
                await self._network.hold_answer(taken.phone)
            else:
                invalid.append(receiver)
        credits = float(len(ids) * count(job["message"], job.get("coding"))[1])
        return web.json_response(
            {"totalCreditsRemoved": credits, "invalidReceivers": invalid, "ids": ids, "validReceivers": valid}
        )

    def _offer(self, request: web.Request, job: dict[str, Any], phone: str) -> Sms | str:
        provider = "simulated" if request.match_info["service"] == "simulated" else "ovh"
        return self._network.offer(
            provider,
            phone,
            job["message"],
            job.get("sender"),
            job.get("tag") or "",
            job.get("coding", "7bit"),
        )

    async def _list(self, request: web.Request) -> web.Response:
        if refusal := self._refuse(request, ""):
            return refusal
        service, tag = request.match_info["service"], request.query.get("tag", "")
        return web.json_response([sms.id for sms in self._network.find_by_tag(tag) if _is_of(sms, service)])

    async def _show(self, request: web.Request) -> web.Response:
        if refusal := self._refuse(request, ""):
            return refusal
        identity = request.match_info["id"]
        sms = self._network.find(int(identity)) if identity.isascii() and identity.isdigit() else None
        if sms is None or not _is_of(sms, request.match_info["service"]):
            return _error(404, "Client::NotFound", "The requested object (id) does not exist")
        description, ptt, _ = CODES[self._network.news_of(sms)]
        parts = count(sms.text, sms.coding)[1]
        return web.json_response(
            {
                "id": sms.id,
                "creationDatetime": sms.taken_at,
                "credits": float(parts),
                "deliveryReceipt": description,
                "differedDelivery": 0,
                "message": sms.text,
                "messageLength": len(sms.text),
                "numberOfSms": parts,
                "ptt": ptt,
                "receiver": sms.phone,
                "sender": sms.sender or "",
                "tag": sms.tag,
                "tariffCode": "",
            }
        )

    def _refuse(self, request: web.Request, body: str) -> web.Response | None:
        """The answer to a request whose signature does not hold, with OVHcloud's statuses and codes."""
        try:
            keys = self._keys()
            application, secret, consumer = (
                keys[name] for name in ("application_key", "application_secret", "consumer_key")
            )
        except LookupError:
            return _error(503, "Server::ServiceUnavailable", "Service unavailable")
        given = request.headers
        timestamp = given.get("X-Ovh-Timestamp", "")
        if "X-Ovh-Signature" not in given or "X-Ovh-Consumer" not in given:
            return _error(401, "NOT_CREDENTIAL", "You must login first")
        if given.get("X-Ovh-Application") != application:
            return _error(403, "INVALID_KEY", "This application key is invalid")
        if given["X-Ovh-Consumer"] != consumer:
            return _error(403, "INVALID_CREDENTIAL", "This credential is not valid")
        if not timestamp.isdigit() or abs(int(timestamp) - time.time()) > _CLOCK_TOLERANCE_SECONDS:
            return _error(400, "QUERY_TIME_OUT", "Query out of time")
        url = f"{request.scheme}://{request.host}{request.raw_path}"
        signed = (secret, consumer, request.method, url, body, timestamp)
        expected = "$1$" + hashlib.sha1("+".join(signed).encode()).hexdigest()  # noqa: S324
        if not hmac.compare_digest(expected, given["X-Ovh-Signature"]):
            return _error(400, "INVALID_SIGNATURE", "Invalid signature")
        return None


def _is_of(sms: Sms, service: str) -> bool:
    return sms.provider == ("simulated" if service == "simulated" else "ovh")


def _read_job(body: str) -> tuple[str, dict[str, Any]]:
    """Return the fault of a job (empty if there is none), and the job."""
    try:
        job = json.loads(body)
    except ValueError:
        return "The body is not JSON", {}
    if not isinstance(job, dict) or not isinstance(job.get("message"), str) or not job["message"]:
        return "message is missing", {}
    receivers = job.get("receivers")
    if not isinstance(receivers, list) or not receivers or not all(isinstance(r, str) for r in receivers):
        return "receivers is missing", {}
    sender, tag = job.get("sender"), job.get("tag", "")
    period = job.get("validityPeriod", 2880)
    checks = {
        "coding": job.get("coding", "7bit") in ("7bit", "8bit"),
        "charset": job.get("charset", "UTF-8") == "UTF-8",
        "priority": job.get("priority", "high") in ("high", "medium", "low", "veryLow"),
        "tag": isinstance(tag, str) and len(tag) <= 20,
        "validityPeriod": isinstance(period, int) and period >= 1,
        "sender": bool(sender) != (job.get("senderForResponse") is True),
    }
    wrong = [name for name, holds in checks.items() if not holds]
    return (f"wrong: {', '.join(wrong)}" if wrong else ""), job


def _error(status: int, code: str, message: str) -> web.Response:
    body = {"message": message, "errorCode": code, "httpCode": f"{status} {code}"}
    return web.json_response(body, status=status)
