"""HTTP: a manager downloads the order form."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.api.http import Request, Response, file_response, serve
from schoolsms.api.routes import ANY_QUERY, MANAGER, File, Route


def get_order_form(request: Request) -> Response:
    order_id, pdf = bootstrap.issue_order_form().issue(request.caller, request.query)
    return file_response(pdf, "application/pdf", f"bon-de-commande-{order_id}.pdf")


ROUTES = (
    Route(
        "GET", "/v1/order-form", MANAGER, get_order_form, "The order form, prefilled",
        {200: File(("application/pdf",))}, (404, 422), query=ANY_QUERY,
        about="The query gives quantities by pack: `?P1000=2`.",
    ),
)  # fmt: skip


def handler(event: dict[str, Any], context: object) -> Response:
    return serve(event, ROUTES, bootstrap.integration_granted)
