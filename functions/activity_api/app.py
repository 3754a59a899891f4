"""HTTP: what a school sent, for its senders and managers."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.api.http import Request, Response, json_response, serve
from schoolsms.api.routes import SENDER_OR_MANAGER, PageOf, Route
from schoolsms.api.views.sending import listed_request_view
from schoolsms.api.views.values import slice_view


def send_requests(request: Request) -> Response:
    found = bootstrap.list_send_requests().list(request.caller, request.query.get("state"), request.cursor)
    return json_response(200, slice_view(found, listed_request_view))


REQUESTS = (
    "Newest first, of the current school year and scheduled into the next. Without totals, which `GET` of one shows. A "
    "page may be empty and lead on."
)

ROUTES = (
    Route(
        "GET", "/v1/send-requests", SENDER_OR_MANAGER, send_requests,
        "A sender's own requests, or all those of a manager's school", {200: PageOf(listed_request_view)}, (404,),
        query=("state", "cursor"), about=REQUESTS,
    ),
)  # fmt: skip


def handler(event: dict[str, Any], context: object) -> Response:
    return serve(event, ROUTES, bootstrap.integration_granted)
