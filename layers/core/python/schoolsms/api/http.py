"""HTTP as API Gateway's HTTP API speaks it (payload 2.0): requests in, JSON and problems (RFC 9457) out."""

from __future__ import annotations

import base64
import binascii
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from schoolsms.api.callers import Granted, caller_of
from schoolsms.api.cursors import unseal
from schoolsms.api.json_bodies import AmbiguousJson, NotJson
from schoolsms.api.problems import carries_media, problems_of
from schoolsms.api.routes import ANY_QUERY, Route, route_of
from schoolsms.api.support import shown
from schoolsms.api.titles import TITLES
from schoolsms.domain.errors import (
    ConflictError,
    DailyLimitReached,
    InsufficientBalance,
    NotFoundError,
    RefusedError,
    SchoolClosed,
    SenderBlocked,
    TransientError,
    UnderMaintenance,
)
from schoolsms.domain.french import printed
from schoolsms.domain.schools.access import LONGEST_SUBJECT, Caller, Forbidden
from schoolsms.observability import log_failure, logger

if TYPE_CHECKING:
    from pydantic import ValidationError

    from schoolsms.domain.orders.documents import Document

Response = dict[str, Any]

_STATUS_OF: tuple[tuple[type[RefusedError], int], ...] = (
    (InsufficientBalance, 402),
    (Forbidden, 403),
    (SchoolClosed, 403),
    (SenderBlocked, 403),
    (DailyLimitReached, 403),
    (NotFoundError, 404),
    (ConflictError, 409),
    (UnderMaintenance, 503),
    (RefusedError, 422),
)

LONGEST_ID = LONGEST_SUBJECT
"""Longest path parameter: a user's `sub`. DynamoDB keys are shorter."""


@dataclass(frozen=True)
class Request:
    """One request; `path` and `query` by name, header names in lower case."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    caller: Caller

    @property
    def cursor(self) -> str | None:
        """Return the cursor of the list. Raises RefusedError for one that no list handed out."""
        return unseal(self.query.get("cursor"))


def serve(
    event: Mapping[str, Any], routes: tuple[Route, ...], granted: Granted = lambda _uai, _client_id: False
) -> Response:
    """Answer `event` by its route; whatever is raised becomes a problem.

    The caller's role is checked before anything that they sent is read: a stranger learns nothing from a refusal.
    `granted` is asked once a request, and only about tokens of machine clients; without it none acts (R28).
    """
    key = str(event.get("routeKey", ""))
    try:
        response = _handled(event, route_of(key, routes), granted)
    except NotJson:
        response = problem(400, "invalid-json", "Le corps de la requête n'est pas du JSON.")
    except AmbiguousJson as exc:
        response = _invalid(exc)
    except RefusedError as exc:
        status = next(status for kind, status in _STATUS_OF if isinstance(exc, kind))
        errors = [{"field": exc.field, "code": exc.code, "detail": shown(exc.detail)}]
        response = problem(status, exc.code, exc.detail, **({"errors": errors} if exc.field else {}))
        if isinstance(exc, UnderMaintenance):
            response["headers"]["retry-after"] = "300"
    except TransientError as exc:
        log_failure("a request could not be answered now", exc, route=key)
        response = problem(503, "unavailable", "Réessayez dans quelques instants.")
        response["headers"]["retry-after"] = "5"
    except Exception as exc:  # noqa: BLE001 - the caller gets a problem, the operator the place
        if _is_of_a_model(exc):
            response = _invalid(exc)
        else:
            log_failure("a request failed", exc, route=key)
            response = problem(500, "internal-error", "Une erreur est survenue de notre côté. Réessayez plus tard.")
    logger.info("answered", extra={"route": key, "status": response["statusCode"]})
    return response


def _is_of_a_model(exc: Exception) -> TypeGuard[ValidationError]:
    """Whether pydantic raised it; asked without importing it, because a function without models must not load it."""
    loaded = sys.modules.get("pydantic")
    return loaded is not None and isinstance(exc, loaded.ValidationError)


def _invalid(error: AmbiguousJson | ValidationError) -> Response:
    if carries_media(error):
        detail = "Texte seul : un SMS ne porte ni image, ni son, ni fichier joint. Retirez ces champs."
        return problem(422, "media-not-carried", detail, errors=problems_of(error))
    return problem(422, "invalid-request", "Certains champs sont à corriger.", errors=problems_of(error))


def _handled(event: Mapping[str, Any], route: Route, granted: Granted) -> Response:
    caller = caller_of(event, granted)
    route.admit(caller)
    query = event.get("queryStringParameters") or {}
    if route.roles:  # A provider or a monitor, which calls without a token, may add names of its own.
        _refuse_unknown(query, route)
    request = _request(event, caller, query if route.query == ANY_QUERY else _named(query, route.query))
    if route.search:
        return route.handler(request, route.search.model_validate(query))
    if route.body:
        absent = route.body_optional and not request.body
        return route.handler(request, None if absent else route.read(request.body))
    return route.handler(request)


def _refuse_unknown(query: Mapping[str, str], route: Route) -> None:
    """Raise RefusedError for a name that the route does not know: a filter that nobody applies looks like one."""
    known = route.query_names
    if route.query == ANY_QUERY or query.keys() <= set(known):
        return
    named = ", ".join(known)
    existing = f"Ceux qui existent ici : {named}." if known else "Cette adresse n'en prend aucun."
    raise RefusedError(f"Ce paramètre d'adresse n'existe pas. {existing}", "unknown-parameter")


def _named(query: Mapping[str, str], names: tuple[str, ...]) -> Mapping[str, str]:
    return {name: query[name] for name in names if name in query}


def json_response(status: int, body: Any) -> Response:
    """A JSON answer."""
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json; charset=utf-8", "cache-control": "no-store"},
        "body": json.dumps(body, ensure_ascii=False, separators=(",", ":")),
    }


def openapi_document() -> Response:
    """The description of this API (OpenAPI 3.1), as `make openapi` wrote it."""
    return {
        "statusCode": 200,
        "headers": {"content-type": "application/json; charset=utf-8", "cache-control": "public, max-age=3600"},
        "body": Path(__file__).with_name("openapi.json").read_text("utf-8"),
    }


def no_content() -> Response:
    """Done, and nothing to say."""
    return {"statusCode": 204, "headers": {"cache-control": "no-store"}}


def file_response(content: bytes, content_type: str, filename: str) -> Response:
    """A file to download."""
    return {
        "statusCode": 200,
        "headers": {
            "content-type": content_type,
            "content-disposition": f'attachment; filename="{filename}"',
            "cache-control": "no-store",
        },
        "isBase64Encoded": True,
        "body": base64.b64encode(content).decode(),
    }


def document_response(document: Document) -> Response:
    """A document to download, or the address of a large one."""
    if document.url:
        return see_other(document.url)
    return file_response(document.content, document.content_type, document.filename)


def html_response(status: int, page: str) -> Response:
    """A page for a person who followed a link."""
    return {
        "statusCode": status,
        "headers": {
            "content-type": "text/html; charset=utf-8",
            "cache-control": "no-store",
            "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
            "referrer-policy": "no-referrer",
        },
        "body": page,
    }


def see_other(url: str) -> Response:
    """Answer 303: the document is at `url`, to be fetched without the token."""
    return {"statusCode": 303, "headers": {"location": url, "cache-control": "no-store"}}


def problem(status: int, code: str, detail: str, **more: Any) -> Response:
    """A problem of RFC 9457, with `code` besides its type."""
    body = {
        "type": f"/problems/{code}",
        "title": printed(TITLES.get(code, TITLES["refused"])),
        "status": status,
        "detail": shown(detail),
        "code": code,
        **more,
    }
    response = json_response(status, body)
    response["headers"]["content-type"] = "application/problem+json; charset=utf-8"
    return response


def _decoded(parameter: str) -> str:
    """A path parameter as the caller meant it: an HTTP API decodes every escape in a path but `%25`.

    Decoding the rest again would turn `a%2Fb`, which the caller escaped as `a%252Fb`, into another name.
    """
    return parameter.replace("%25", "%")


def _request(event: Mapping[str, Any], caller: Caller, query: Mapping[str, str]) -> Request:
    body = event.get("body") or ""
    try:
        decoded = base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()
    except (binascii.Error, UnicodeEncodeError):
        raise RefusedError("Le corps de la requête est illisible.", "invalid-json") from None
    path = {name: _decoded(value) for name, value in (event.get("pathParameters") or {}).items()}
    if any(len(value) > LONGEST_ID for value in path.values()):
        raise NotFoundError("Cette adresse n'existe pas.")
    return Request(
        path=path,
        query=query,
        headers={name.lower(): value for name, value in (event.get("headers") or {}).items()},
        body=decoded,
        caller=caller,
    )
