"""The local issuer as a browser meets it: OpenID Connect, authorization code with PKCE, a page of personas.

Its session is a cookie, so that tokens are renewed silently; `POST /local/session` starts one as anybody, for tests.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from local.stack.pages.layout import page
from local.stack.pages.personas import PERSONAS
from local.stack.tokens import TokenIssuer, UnusablePerson, check_roles

COOKIE = "local_session"
TOKEN_SECONDS = 600
"""Seconds that a token of the console lasts: short, so that renewing is seen to work."""
CODE_SECONDS = 60
SCOPES = ["openid", "profile", "email"]


@dataclass(frozen=True)
class _Code:
    """The sign-in that a code stands for, until it is exchanged."""

    person: Mapping[str, Any]
    request: Mapping[str, str]
    expires_at: float


class SignIn:
    """The endpoints below `/local/`; `url` is that of the console, the only place that codes are sent to."""

    def __init__(self, issuer: TokenIssuer, url: str) -> None:
        self._issuer = issuer
        self._url = url
        self._codes: dict[str, _Code] = {}

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_get("/local/.well-known/openid-configuration", self._configuration)
        router.add_get("/local/authorize", self._authorize)
        router.add_post("/local/authorize", self._choose)
        router.add_post("/local/token", self._token)
        router.add_get("/local/logout", self._log_out)
        router.add_post("/local/session", self._start_session)
        router.add_delete("/local/session", self._end_session)

    async def _configuration(self, request: web.Request) -> web.Response:
        issuer = self._issuer.issuer
        return web.json_response(
            {
                **self._issuer.openid_configuration(),
                "authorization_endpoint": f"{issuer}/authorize",
                "token_endpoint": f"{issuer}/token",
                "end_session_endpoint": f"{issuer}/logout",
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code"],
                "subject_types_supported": ["public"],
                "scopes_supported": SCOPES,
                "token_endpoint_auth_methods_supported": ["none"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def _authorize(self, request: web.Request) -> web.Response:
        asked = self._checked(request)
        person = self._issuer.session_person(request.cookies.get(COOKIE, ""))
        prompts = asked.get("prompt", "").split()
        if person and "login" not in prompts:
            return self._answer(asked, code=self._code_for(person, asked))
        if "none" in prompts:
            return self._answer(asked, error="login_required")
        return personas_page(request.path_qs)

    async def _choose(self, request: web.Request) -> web.Response:
        asked = self._checked(request)
        key = (await request.post()).get("persona")
        persona = next((each for each in PERSONAS if each.key == key), None)
        if persona is None:
            return personas_page(request.path_qs)
        person = {**persona.claims, "name": persona.name}
        answer = self._answer(asked, code=self._code_for(person, asked))
        self._keep(answer, person)
        return answer

    async def _token(self, request: web.Request) -> web.Response:
        """Exchange a code, once, for whoever knows the verifier of its challenge (RFC 7636)."""
        given = await request.post()
        code = self._codes.pop(str(given.get("code")), None)
        challenge = _challenge(str(given.get("code_verifier", "")))
        if (
            given.get("grant_type") != "authorization_code"
            or code is None
            or code.expires_at < time.time()
            or given.get("redirect_uri") != code.request["redirect_uri"]
            or given.get("client_id") != code.request["client_id"]
            or not secrets.compare_digest(challenge, code.request.get("code_challenge", ""))
        ):
            return web.json_response({"error": "invalid_grant"}, status=400)
        client_id, nonce = code.request["client_id"], code.request.get("nonce", "")
        return web.json_response(
            {
                # It names the client, as access tokens do (RFC 9068).
                "access_token": self._issuer.token(
                    {**code.person, "client_id": client_id}, lifetime_seconds=TOKEN_SECONDS
                ),
                "id_token": self._issuer.id_token(code.person, client_id, nonce, TOKEN_SECONDS),
                "token_type": "Bearer",
                "expires_in": TOKEN_SECONDS,
                "scope": " ".join(SCOPES),
            },
            headers={"Cache-Control": "no-store"},
        )

    async def _log_out(self, request: web.Request) -> web.Response:
        back = request.query.get("post_logout_redirect_uri", "")
        if not self._is_ours(back):
            return page("Déconnecté", "<p>La session est terminée.</p>")
        state = request.query.get("state")
        answer = _to(f"{back}?{urlencode({'state': state})}" if state else back)
        answer.del_cookie(COOKIE, path="/local")
        return answer

    async def _start_session(self, request: web.Request) -> web.Response:
        try:
            person = json.loads(await request.read())
            check_roles(person)
            self._issuer.token(person)  # refuses what is no person
        except UnusablePerson as error:
            return web.json_response({"error": str(error)}, status=400)
        except ValueError:
            return web.json_response({"error": "the body must be JSON"}, status=400)
        answer = web.Response(status=204)
        self._keep(answer, person)
        return answer

    async def _end_session(self, request: web.Request) -> web.Response:
        answer = web.Response(status=204)
        answer.del_cookie(COOKIE, path="/local")
        return answer

    def _keep(self, answer: web.StreamResponse, person: Mapping[str, Any]) -> None:
        answer.set_cookie(COOKIE, self._issuer.session(person), path="/local", httponly=True, samesite="Lax")

    def _checked(self, request: web.Request) -> Mapping[str, str]:
        """The query of an authorization request; raises `HTTPBadRequest` for one that may not be sent back."""
        asked = dict(request.query)
        if not self._is_ours(asked.get("redirect_uri", "")) or not asked.get("client_id"):
            raise web.HTTPBadRequest(text="redirect_uri must be an address of the console, and client_id be there")
        if asked.get("response_type") != "code" or asked.get("code_challenge_method") != "S256":
            raise web.HTTPBadRequest(text="the local issuer knows authorization code with PKCE (S256), nothing else")
        return asked

    def _is_ours(self, address: str) -> bool:
        return bool(address) and urlsplit(address)._replace(path="", query="", fragment="").geturl() == self._url

    def _code_for(self, person: Mapping[str, Any], asked: Mapping[str, str]) -> str:
        now = time.time()
        self._codes = {code: each for code, each in self._codes.items() if each.expires_at > now}
        code = secrets.token_urlsafe(24)
        self._codes[code] = _Code(person, asked, now + CODE_SECONDS)
        return code

    def _answer(self, asked: Mapping[str, str], **parameters: str) -> web.Response:
        state = {"state": asked["state"]} if "state" in asked else {}
        return _to(f"{asked['redirect_uri']}?{urlencode({**parameters, **state})}")


def personas_page(action: str) -> web.Response:
    """Choose who to be. `action` is the authorization request itself, which the choice answers."""
    cards = "".join(
        f"<section class=card><h2>{escape(each.name)}</h2><p class=soft>{escape(each.title)}</p>"
        f"<p>{escape(each.may[0].upper() + each.may[1:])}.</p>"
        f"<button name=persona value={escape(each.key)}>Se connecter comme {escape(each.name)}</button></section>"
        for each in PERSONAS
    )
    return page(
        "Qui êtes-vous ?",
        "<p>En production, la page de connexion de l’ENT est ici. Sur cette machine, choisissez une personne.</p>"
        f'<form method=post action="{escape(action)}"><div class=cards>{cards}</div></form>',
    )


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _to(address: str) -> web.Response:
    return web.Response(status=303, headers={"Location": address, "Cache-Control": "no-store"})
