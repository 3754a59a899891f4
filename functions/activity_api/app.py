"""HTTP: what a school sent and spent."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.api.bodies.queries import UsageQuery
from schoolsms.api.http import Request, Response, json_response, serve
from schoolsms.api.routes import MANAGER_OR_OPERATOR, SENDER_OR_MANAGER, PageOf, Route
from schoolsms.api.views.sending import listed_request_view
from schoolsms.api.views.stock import usage_view
from schoolsms.api.views.values import slice_view


def send_requests(request: Request) -> Response:
    found = bootstrap.list_send_requests().list(request.caller, request.query.get("state"), request.cursor)
    return json_response(200, slice_view(found, listed_request_view))


def usage(request: Request, query: UsageQuery) -> Response:
    named = request.query.get("school")
    found = bootstrap.read_usage().days(request.caller, query.since, query.until, request.cursor, named)
    return json_response(200, slice_view(found, usage_view))


USAGE = (
    "The days with ledger entries, oldest first: at most 400 days a call, the last 30 unless `from` and `to` say "
    "otherwise. The operator names a `school`."
)
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
    Route(
        "GET", "/v1/usage", MANAGER_OR_OPERATOR, usage, "What the stock did each day, by kind",
        {200: PageOf(usage_view)}, (404,), search=UsageQuery, query=("school", "cursor"), about=USAGE,
    ),
)  # fmt: skip


def handler(event: dict[str, Any], context: object) -> Response:
    return serve(event, ROUTES, bootstrap.integration_granted)
