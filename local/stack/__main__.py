"""`make run`: build, deploy into the embedded cloud, serve until SIGINT or SIGTERM."""

from __future__ import annotations

import asyncio
import fcntl
import json
import logging
import shutil
import signal
import sys
import time
from functools import cache
from typing import IO, Any

import aiohttp
from aiohttp import web

from local.machine.children import Children, Stopped
from local.machine.settings import HOST, Settings, UnusableSetting, read_settings
from local.machine.state_files import UnusableState, check_folder
from local.machine.tcp_ports import TakenPort, check_free
from local.phone_network.network import PhoneNetwork
from local.stack.build import Build, BuildFailed, build
from local.stack.cloud import Cloud, CloudFailed
from local.stack.deploy import DeployFailed, deploy, provider_credentials, resume_executions, verify_sender
from local.stack.gateway import Front
from local.stack.inbox import Inbox, start_inbox
from local.stack.live_console import LiveConsole
from local.stack.tokens import ClaimNames, TokenIssuer

STOP_SECONDS = 8.5
"""Seconds in which the embedded cloud may save; the rest of the ten is for the gateway."""

HEALTHY_SECONDS = 60


class StateInUse(Exception):
    """Another stack runs on the same `STATE_DIR`."""


class Unhealthy(Exception):
    """The API does not answer, or the cloud went away; the message tells where to look."""


KNOWN_TROUBLE = (
    *(UnusableSetting, TakenPort, StateInUse, UnusableState),
    *(BuildFailed, CloudFailed, DeployFailed, Unhealthy),
)


class LocalStack:
    """All that `make run` starts: front, inbox and phone network here, the embedded cloud beside."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._children = Children()
        self._cloud = Cloud(settings, self._children, self._say)
        self._started = time.monotonic()
        self._outputs: dict[str, str] = {}
        self._ovh_keys: dict[str, str] = {}
        self._inbox: asyncio.Server | None = None
        self._sns = cache(lambda: self._cloud.sns)  # made once: thousands of events may come
        claims = ClaimNames(settings.school_claim, settings.roles_claim, settings.client_claim)
        self._front = Front(
            TokenIssuer(settings.issuer, settings.jwt_audience, claims, settings.state_dir / "issuer.pem"),
            outbox=self._cloud.outbox,
            phone_network=PhoneNetwork(
                settings.state_dir,
                receipts_base_url=settings.url,
                receipt_secret=lambda: self._ovh_keys["receipt_secret"],
                ovh_keys=lambda: self._ovh_keys,
                publish_event=self._publish_sms_event,
            ),
            order_inbox=settings.order_inbox,
            smtp_port=settings.smtp_port,
        )
        if settings.console_live:
            self._front.live_console = LiveConsole(settings, self._children)

    async def serve(self) -> None:
        """Start, say `ready:`, run until cancelled; then stop all that was started."""
        settings = self._settings
        runner = web.AppRunner(self._front.application(), access_log=None, shutdown_timeout=0.5)
        try:
            await runner.setup()
            await web.TCPSite(runner, HOST, settings.port).start()
            built, _ = await asyncio.gather(
                asyncio.to_thread(build, settings.template, self._children, self._say),
                asyncio.to_thread(self._cloud.start),
            )
            self._say(f"built {settings.template.name}; the embedded cloud runs")
            await asyncio.to_thread(self._deploy, built)
            self._say("deployed")
            mails = Inbox(settings.order_inbox, self._store_mail)
            self._inbox = await start_inbox(mails, HOST, settings.smtp_port)
            await self._await_healthy()
            self._print_urls()
            while self._cloud.running:
                await asyncio.sleep(0.5)
            raise Unhealthy(self._cloud.failure() or f"the embedded cloud ended by itself, see {self._cloud.log}")
        finally:
            await asyncio.shield(self._stop(runner))

    async def _stop(self, runner: web.AppRunner) -> None:
        if self._inbox:
            self._inbox.close()
        # The front goes last: functions that are finishing still reach the phone network.
        await asyncio.to_thread(self._children.stop, STOP_SECONDS)
        await runner.cleanup()
        shutil.rmtree(self._cloud.scratch, ignore_errors=True)
        if failure := self._cloud.failure():
            raise CloudFailed(failure)

    def _deploy(self, built: Build) -> None:
        settings = self._settings
        outputs = self._outputs = deploy(self._cloud, built, settings)
        self._ovh_keys = provider_credentials(self._cloud, outputs["ProvidersSecretArn"], settings.state_dir)
        verify_sender(self._cloud, settings.mail_domain)
        resumed = resume_executions(self._cloud)
        if resumed:
            self._say(f"resumed {resumed} executions that the last stop had cut short")
        self._front.api_url = f"{settings.aws_endpoint}/_aws/execute-api/{outputs['ApiId']}/$default"

    def _store_mail(self, message_id: str, raw: bytes) -> None:
        self._cloud.s3.put_object(Bucket=self._outputs["MailBucketName"], Key=f"inbound/{message_id}", Body=raw)

    async def _publish_sms_event(self, event: dict[str, Any]) -> None:
        topic, message = self._outputs["AwsSmsEventsTopicArn"], json.dumps(event)
        await asyncio.to_thread(self._sns().publish, TopicArn=topic, Message=message)

    async def _await_healthy(self) -> None:
        deadline = time.monotonic() + HEALTHY_SECONDS
        async with aiohttp.ClientSession() as session:
            while time.monotonic() < deadline and self._cloud.running:
                async with session.get(f"{self._settings.url}/healthz") as answer:
                    if answer.status == 200:
                        return
                    found = f"{answer.status} {(await answer.text())[:200]}"
                await asyncio.sleep(0.3)
        raise Unhealthy(f"/healthz does not answer 200 ({found}), see {self._cloud.function_logs}")

    def _say(self, text: str) -> None:
        print(f"{time.monotonic() - self._started:6.1f} s  {text}", flush=True)

    def _print_urls(self) -> None:
        settings = self._settings
        print(
            f"  console             {settings.url}/\n"
            f"  try the service     {settings.url}/local/  (tokens, mails, phones)\n"
            f"  API                 {settings.url}/v1/openapi.json\n"
            f"  order inbox         smtp://{HOST}:{settings.smtp_port}  to {settings.order_inbox}\n"
            f"  mails sent          {settings.url}/local/outbox\n"
            f"  a phone             {settings.url}/local/phones/+33639980000\n"
            f"  embedded cloud      {settings.aws_endpoint}\n"
            f"  logs                {self._cloud.log.parent}\n"
            f"ready: {settings.url}",
            flush=True,
        )


def lock_state(settings: Settings) -> IO[str]:
    """Hold `STATE_DIR` for this stack, as long as the answer stays open; raises `StateInUse` or `UnusableState`."""
    check_folder(settings.state_dir)
    lock = (settings.state_dir / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        message = f"another stack runs on STATE_DIR={settings.state_dir}: stop it or choose another"
        raise StateInUse(message) from None
    return lock


LAYOUT = "2"
"""Change it when items of a table move to other keys: what was written before would not be found there."""


def hold_layout(settings: Settings) -> None:
    """Keep by which keys items are written to `STATE_DIR`; raises `UnusableState` if it holds others."""
    kept = settings.state_dir / "layout"
    written = kept.read_text() if kept.exists() else ""
    if (settings.state_dir / "deployed").exists() and written != LAYOUT:
        found = f"STATE_DIR={settings.state_dir} is another version's, which kept balances elsewhere"
        raise UnusableState(f"{found}: remove that folder, or choose another by STATE_DIR=…")
    kept.write_text(LAYOUT)


async def serve_until_signal(stack: LocalStack) -> None:
    """Serve; on SIGINT, SIGTERM or SIGHUP stop, whatever is going on."""
    serving = asyncio.ensure_future(stack.serve())
    loop = asyncio.get_running_loop()
    asked = False

    def stop() -> None:
        nonlocal asked
        if asked:  # a second Ctrl-C must not cut short what the first one has saved
            print("still stopping: the state is being saved, which takes 10 s at most", flush=True)
        else:
            serving.cancel()
        asked = True

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop)
    try:
        await serving
    except asyncio.CancelledError:
        print("stopped", flush=True)


def main() -> int:
    """Run the stack; the exit code."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    try:
        settings = read_settings()
        check_free(settings.ports)
        with lock_state(settings):
            hold_layout(settings)
            asyncio.run(serve_until_signal(LocalStack(settings)))
    except KNOWN_TROUBLE as error:
        print(f"error: {error}", file=sys.stderr, flush=True)
        return 1
    except Stopped:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
