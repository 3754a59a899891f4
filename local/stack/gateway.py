"""The front on `PORT`: `/local/*` for people and tests, everything else to the deployed API, unchanged.

A browser reads the mails and the phones as pages, a program as JSON, whichever its Accept header prefers.
"""

from __future__ import annotations

import asyncio
import json
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from local.phone_network.network import PhoneNetwork
from local.stack.live_console import LiveConsole
from local.stack.outbox import mail_files, read_mail, read_outbox
from local.stack.pages import people, received
from local.stack.pages.layout import prefers_html
from local.stack.sign_in import SignIn
from local.stack.tokens import TokenIssuer, UnusablePerson

MAX_BYTES = 10 * 1024 * 1024  # what an HTTP API takes
INTEGRATION_SECONDS = 30  # and how long it waits
AT_ONCE = 16  # each request under way is a process here: what comes on top waits, as a small machine must
HOP_BY_HOP = {
    *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer"),
    *("transfer-encoding", "upgrade"),
}


class Front:
    """Answers on `PORT`. `api_url` is empty until the API is deployed."""

    def __init__(
        self, issuer: TokenIssuer, outbox: Path, phone_network: PhoneNetwork, order_inbox: str = "", smtp_port: int = 0
    ) -> None:
        """`order_inbox` and `smtp_port` are where orders are mailed to, as a page tells."""
        self.api_url = ""
        self.live_console: LiveConsole | None = None
        self._order_inbox, self._smtp_port = order_inbox, smtp_port
        self._places = asyncio.Semaphore(AT_ONCE)
        self._issuer = issuer
        self._sign_in = SignIn(issuer, issuer.issuer.removesuffix("/local"))
        self._outbox = outbox
        self._phone_network = phone_network

    def application(self) -> web.Application:
        app = web.Application(client_max_size=MAX_BYTES)
        app.cleanup_ctx.append(self._client)
        app.router.add_post("/local/tokens", self._token)
        app.router.add_get("/local/.well-known/jwks.json", self._jwks)
        self._sign_in.add_routes(app.router)
        app.router.add_get("/local", self._people)
        app.router.add_get("/local/", self._people)
        app.router.add_get("/local/outbox", self._read_outbox)
        app.router.add_get(r"/local/outbox/{number:\d{1,9}}", self._mail)
        app.router.add_get(r"/local/outbox/{number:\d{1,9}}/attachments/{index:\d{1,4}}", self._attachment)
        app.router.add_get("/local/phones/{number}", self._phone)
        app.router.add_post("/local/phones/{number}/reply", self._reply)
        app.add_subapp("/local/network/", self._phone_network.application())
        app.router.add_route("*", r"/local/{rest:[\s\S]*}", self._unknown)
        app.router.add_route("*", r"/{rest:[\s\S]*}", self._proxy)  # a line break in a path too
        return app

    async def _client(self, app: web.Application) -> Any:
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=2, sock_read=INTEGRATION_SECONDS + 5)
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(
            timeout=timeout, connector=connector, auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()
        ) as self._session:
            yield

    async def _token(self, request: web.Request) -> web.Response:
        try:
            person = await request.json()
            return web.json_response({"token": self._issuer.token(person)})
        except UnusablePerson as error:
            return web.json_response({"error": str(error)}, status=400)
        except ValueError:
            return web.json_response({"error": "the body must be JSON"}, status=400)

    async def _jwks(self, request: web.Request) -> web.Response:
        return web.json_response(self._issuer.jwks())

    async def _people(self, request: web.Request) -> web.Response:
        mails = len(await asyncio.to_thread(mail_files, self._outbox))
        phones = self._phone_network.reached()
        return people.people(self._issuer.token, phones, mails, self._order_inbox, self._smtp_port)

    async def _read_outbox(self, request: web.Request) -> web.Response:
        if _for_a_browser(request):  # numbered by their place among all
            return received.outbox(await asyncio.to_thread(read_outbox, self._outbox))
        return _readable_json(await asyncio.to_thread(read_outbox, self._outbox, request.query.get("to")))

    async def _mail(self, request: web.Request) -> web.Response:
        number, mail = await self._found(request)
        return received.mail(number, mail) if _for_a_browser(request) else _readable_json(mail)

    async def _attachment(self, request: web.Request) -> web.Response:
        _, mail = await self._found(request)
        return received.attachment(mail, int(request.match_info["index"]))

    async def _found(self, request: web.Request) -> tuple[int, dict[str, Any]]:
        """The mail that the address numbers, from 1; raises `HTTPNotFound`."""
        number = int(request.match_info["number"])
        files = await asyncio.to_thread(mail_files, self._outbox)
        if not 1 <= number <= len(files):
            raise web.HTTPNotFound
        return number, await asyncio.to_thread(read_mail, files[number - 1])

    async def _phone(self, request: web.Request) -> web.Response:
        number = request.match_info["number"]
        shown = self._phone_network.phones(number)
        return received.phone(number, shown) if _for_a_browser(request) else _readable_json(shown)

    async def _reply(self, request: web.Request) -> web.Response:
        try:  # whatever the content type: `curl -d` calls JSON a form
            text = json.loads(await request.read())["text"]
        except (ValueError, LookupError, TypeError):
            if not (text := (await request.post()).get("text")):
                return web.json_response({"error": 'the body must be {"text": "…"}'}, status=400)
            await self._phone_network.reply(request.match_info["number"], str(text))
            raise web.HTTPSeeOther(f"/local/phones/{request.match_info['number']}") from None
        if not await self._phone_network.reply(request.match_info["number"], str(text)):
            return web.json_response({"error": "nothing reached that phone, or nobody answers"}, status=404)
        return web.json_response({"text": text})

    async def _unknown(self, request: web.Request) -> web.Response:
        return web.json_response({"error": "no such local help, see contract.md"}, status=404)

    async def _proxy(self, request: web.Request) -> web.Response:
        if self.live_console and self.live_console.is_for(request):
            return await self.live_console.answer(request)
        if not self.api_url:
            return web.json_response({"message": "Service Unavailable"}, status=503)
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return web.json_response({"message": "Request Entity Too Large"}, status=413)
        try:
            async with (
                self._places,
                self._session.request(
                    request.method,
                    URL(self.api_url + request.raw_path, encoded=True),
                    headers=_end_to_end(request.headers),
                    data=BytesIO(body) if body else None,
                    allow_redirects=False,
                    skip_auto_headers=("Content-Type", "User-Agent", "Accept", "Accept-Encoding"),
                ) as answer,
            ):
                return web.Response(status=answer.status, headers=_end_to_end(answer.headers), body=await answer.read())
        except (aiohttp.ClientError, TimeoutError):
            return web.json_response({"message": "Service Unavailable"}, status=503)


def _for_a_browser(request: web.Request) -> bool:
    return prefers_html(request.headers.get("Accept", ""))


def _readable_json(value: object) -> web.Response:
    """French as it is written, because people look at it too."""
    return web.json_response(value, dumps=lambda each: json.dumps(each, ensure_ascii=False))


def _end_to_end(headers: Any) -> CIMultiDict[str]:
    named = {name.strip().lower() for name in headers.get("Connection", "").split(",")}
    dropped = HOP_BY_HOP | named | {"content-length"}
    return CIMultiDict((name, value) for name, value in headers.items() if name.lower() not in dropped)
