"""HTTP: a scheduled request that shall not be sent."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.api.http import Request, Response, json_response, serve
from schoolsms.api.routes import SENDER_OR_MANAGER, Route
from schoolsms.api.views.sending.sending import cancelled_view


def delete_send_request(request: Request) -> Response:
    cancelled = bootstrap.cancel_send_request().cancel(request.caller, request.path["id"])
    return json_response(200, cancelled_view(cancelled, manages=request.caller.manages))


ROUTES = (
    Route(
        "DELETE", "/v1/send-requests/{id}", SENDER_OR_MANAGER, delete_send_request,
        "Cancel a request that has not started", {200: cancelled_view}, (409,),
    ),
)  # fmt: skip


def handler(event: dict[str, Any], context: object) -> Response:
    return serve(event, ROUTES, bootstrap.integration_granted)
