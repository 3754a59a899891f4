"""HTTP: a manager downloads the order form; anybody reads the conditions that it accepts."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.api.conditions_page import conditions_page
from schoolsms.api.http import Request, Response, file_response, html_response, serve
from schoolsms.api.routes import ANY_QUERY, ANYBODY, MANAGER, File, Route
from schoolsms.domain.errors import NotFoundError


def get_order_form(request: Request) -> Response:
    order_id, pdf = bootstrap.issue_order_form().issue(request.caller, request.query)
    return file_response(pdf, "application/pdf", f"bon-de-commande-{order_id}.pdf")


def get_conditions(request: Request) -> Response:
    version, _, kind = request.path["version"].partition(".")
    published = bootstrap.published_conditions()
    text = published.text(version)
    if text is None or kind not in ("", "pdf", "txt"):
        raise NotFoundError("Cette version des conditions n'existe pas.")
    if kind == "pdf":
        return file_response(published.pdf(text, version), "application/pdf", f"conditions-sms-{version}.pdf")
    if kind == "txt":
        return file_response(text, "text/plain; charset=utf-8", f"conditions-sms-{version}.txt")
    return html_response(200, conditions_page(version, text))


ROUTES = (
    Route(
        "GET", "/v1/order-form", MANAGER, get_order_form, "The order form, prefilled",
        {200: File(("application/pdf",))}, (404, 422), query=ANY_QUERY,
        about="The query gives quantities by pack: `?P1000=2`.",
    ),
    Route(
        "GET", "/conditions/{version}", ANYBODY, get_conditions, "A version of the conditions, as a page to read",
        {200: File(("text/html", "application/pdf", "text/plain"))}, (404,),
        about="`2026-09`; `2026-09.pdf`; `2026-09.txt` is the published file, whose SHA-256 orders and contracts keep.",
    ),
)  # fmt: skip


def handler(event: dict[str, Any], context: object) -> Response:
    return serve(event, ROUTES, bootstrap.integration_granted)
