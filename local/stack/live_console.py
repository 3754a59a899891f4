"""The console straight from its sources, for whoever works on it: built again when they changed, without a deployment.

`CONSOLE_LIVE=1 make run` serves it so. The code that answers is that of the function.
"""

from __future__ import annotations

import asyncio
import base64
import os
import runpy

from aiohttp import web

from local.console.build import PUBLIC, SOURCES, ConsoleFailed, build_console
from local.machine.children import Children
from local.machine.settings import Settings
from schoolsms.api.console import Console

ASSETS = "/assets/"


class LiveConsole:
    """Answers what the function `console` answers on the deployed stack."""

    def __init__(self, settings: Settings, children: Children) -> None:
        self._children = children
        self._sections = _sections()
        parameters = settings.parameters()
        os.environ |= {
            "JWT_ISSUER": parameters["JwtIssuer"],
            "CONSOLE_CLIENT_ID": "skolengo-sms-console",
            "CONSOLE_SCOPES": "openid profile email",
            "ORDER_INBOX": parameters["OrderInbox"],
            "SUPPORT_EMAIL": parameters["SupportEmail"],
            "SUPPORT_PHONE": parameters["SupportPhone"],
            "EMBEDDED": "true",
        }

    def is_for(self, request: web.Request) -> bool:
        """Whether the address is one of the console's."""
        first = request.path.split("/")[1]
        return request.method == "GET" and (request.path.startswith(ASSETS) or first in self._sections | {""})

    async def answer(self, request: web.Request) -> web.Response:
        """The page or file as it is now; what the build says if it failed."""
        try:
            if not request.path.startswith(ASSETS):
                await asyncio.to_thread(build_console, self._children)
        except ConsoleFailed as error:
            return web.Response(status=500, text=f"{SOURCES}: {error}")
        name = {"file": request.path.removeprefix(ASSETS)} if request.path.startswith(ASSETS) else {}
        answered = Console(PUBLIC).answer({"headers": dict(request.headers), "pathParameters": name})
        body = answered.get("body", "")
        content = base64.b64decode(body) if answered.get("isBase64Encoded") else body.encode()
        return web.Response(status=answered["statusCode"], headers=answered["headers"], body=content)


def _sections() -> frozenset[str]:
    """The first part of each address of the console, as its function names them."""
    sections: tuple[str, ...] = runpy.run_path(str(PUBLIC.with_name("app.py")))["SECTIONS"]
    return frozenset(sections)
