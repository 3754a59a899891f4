"""The simulated phone network: the providers' real protocols on one side, phones on the other.

It exists locally only. Numbers behave by their last two digits (`rules.py`), texts reach phones
that anyone can look at, receipts go to the service as each provider sends them.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal
from weakref import WeakValueDictionary

import aiohttp
from aiohttp import web

from local.phone_network.aws import AwsProtocol
from local.phone_network.ovh import OvhProtocol
from local.phone_network.rules import News, UndeliveredReceiptError, rule_for
from local.phone_network.store import Sms, Store

logger = logging.getLogger(__name__)

RETRY_DELAYS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds between the tries to bring a receipt: about a minute in all, as a provider has patience."""


class PhoneNetwork:
    """One network, whichever provider hands over to it.

    `receipts_base_url` is where the service takes receipts (`…/v1/receipts/<ovh|simulated>/<secret>` is appended),
    `ovh_keys` the keys an OVHcloud request must be signed with (`application_key`, `application_secret`,
    `consumer_key`), `publish_event` brings an event of AWS End User Messaging to its topic. Both callables may
    raise LookupError while the secrets are not there yet: receipts wait, requests are answered 503.
    """

    def __init__(
        self,
        state_dir: Path,
        receipts_base_url: str,
        receipt_secret: Callable[[], str],
        ovh_keys: Callable[[], Mapping[str, str]],
        publish_event: Callable[[dict[str, Any]], Awaitable[None]] | None = None,
        *,
        hold_seconds: float = 11.0,
        slow_seconds: float = 5.0,
        parallelism: int = 50,
        retry_delays: Sequence[float] = RETRY_DELAYS,
    ) -> None:
        self._store = Store(state_dir)
        self._ovh = OvhProtocol(self, receipts_base_url.rstrip("/"), receipt_secret, ovh_keys)
        self._aws = AwsProtocol(self, publish_event)
        self._hold_seconds = hold_seconds
        self._slow_seconds = slow_seconds
        self._parallelism = parallelism
        self._retry_delays = retry_delays
        self._refused_once: set[tuple[str, str]] = set()
        self._deliveries: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(parallelism)
        self._lanes: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._closing = asyncio.Event()
        self._session: aiohttp.ClientSession | None = None

    def application(self) -> web.Application:
        """Application that serves `/ovh/1.0/…` and `/aws`; may be mounted under any prefix. Made once."""
        application = web.Application()
        application.add_routes([*self._ovh.routes(), *self._aws.routes()])
        application.on_shutdown.append(self._release_held)
        application.cleanup_ctx.append(self._run)
        return application

    def phones(self, e164: str) -> list[dict[str, Any]]:
        """Messages that reached a phone, oldest first: `text, sender, provider, encoding, parts, received_at`."""
        return self._store.phone("+" + e164.strip().removeprefix("+"))

    def reached(self) -> dict[str, list[dict[str, Any]]]:
        """Return the messages as `phones` has them, of every phone that something reached."""
        return self._store.phones()

    async def reply(self, e164: str, text: str) -> bool:
        """The phone answers what reached it last: by the same provider. Whether the service heard of it."""
        phone = "+" + e164.strip().removeprefix("+")
        shown = self._store.phone(phone)
        if not shown:
            return False
        provider = shown[-1]["provider"]
        try:
            if provider == "aws":
                await self._aws.report_reply(phone, text)
            else:
                await self._ovh.report_reply(provider, phone, text)
        except UndeliveredReceiptError:
            return False
        return True

    def find(self, identity: int) -> Sms | None:
        return self._store.find(identity)

    def find_by_tag(self, tag: str) -> list[Sms]:
        return self._store.find_by_tag(tag)

    def offer(
        self,
        provider: str,
        phone: str,
        text: str,
        sender: str | None,
        tag: str,
        coding: str | None = None,
        context: dict[str, str] | None = None,
    ) -> Sms | Literal["busy", "invalid"]:
        """Take one SMS, or not. A message that arrives at once has arrived when this returns; receipts follow."""
        rule = rule_for(phone)
        if rule.busy == "always" or (rule.busy == "ovh" and provider == "ovh"):
            return "busy"
        if rule.busy == "first" and (tag, phone) not in self._refused_once:
            self._refused_once.add((tag, phone))
            return "busy"
        if rule.invalid:
            return "invalid"
        sms = self._store.take(provider, phone, text, sender, coding, tag, context)
        if rule.arrives and not rule.slow:
            self._store.arrive(sms)
        self._start_delivery(sms)
        return sms

    async def hold_answer(self, phone: str) -> None:
        """Wait as long as the rule of `phone` keeps an answer back, or until the network shuts down."""
        if rule_for(phone).holds_answer:
            await self._wait(self._hold_seconds)

    def news_of(self, sms: Sms) -> News:
        """Return the network's answer about `sms` now."""
        receipts = rule_for(sms.phone).receipts
        if not receipts or not (sms.arrived or "failed" in receipts):
            return "pending"
        return receipts[-1]

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("the phone network does not run")
        return self._session

    async def _run(self, _: web.Application) -> AsyncIterator[None]:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._parallelism),
            timeout=aiohttp.ClientTimeout(total=15),
        )
        for sms in self._store.unsettled():
            self._start_delivery(sms)
        yield
        for delivery in self._deliveries:
            delivery.cancel()
        await asyncio.gather(*self._deliveries, return_exceptions=True)
        await self._session.close()
        self._store.close()

    async def _release_held(self, _: web.Application) -> None:
        self._closing.set()

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        except TimeoutError:
            return

    def _start_delivery(self, sms: Sms) -> None:
        delivery = asyncio.get_running_loop().create_task(self._deliver(sms))
        self._deliveries.add(delivery)
        delivery.add_done_callback(self._deliveries.discard)

    async def _deliver(self, sms: Sms) -> None:
        rule = rule_for(sms.phone)
        if rule.arrives and not sms.arrived:
            await asyncio.sleep(self._slow_seconds)
            self._store.arrive(sms)
        if rule.holds_answer and not sms.receipts_sent:
            await asyncio.sleep(self._hold_seconds)
        for news in rule.receipts[sms.receipts_sent :]:
            await self._report(sms, news)
            self._store.receipt_sent(sms)

    async def _report(self, sms: Sms, news: News) -> None:
        """Bring one receipt to the service, with patience. Gives up with a line in the log."""
        protocol = self._aws if sms.provider == "aws" else self._ovh
        lane = self._lane(sms)
        for delay in (*self._retry_delays, None):
            try:
                async with lane, self._slots:
                    await protocol.report(sms, news)
                return
            except UndeliveredReceiptError as error:
                if delay is None or not error.again:
                    logger.warning("receipt given up", extra={"sms": sms.id, "reason": str(error)})
                    return
            await asyncio.sleep(delay)

    def _lane(self, sms: Sms) -> asyncio.Semaphore:
        """Limits the receipts of one request: some at once, so that those of others need not wait for all.

        Few, since each that is under way is a process of the embedded cloud: more would only start, at the expense of
        the messages that are still being handed over.
        """
        request = f"{sms.provider} {sms.tag.rpartition('-')[0]}"
        return self._lanes.setdefault(request, asyncio.Semaphore(max(1, self._parallelism // 12)))
