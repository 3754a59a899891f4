"""HTTP: a scheduled request that shall not be sent."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.api.http import Request, Response, json_response, serve
from schoolsms.api.views.sending import cancelled_view


def delete_send_request(request: Request) -> Response:
    cancelled = bootstrap.cancel_send_request().cancel(request.caller, request.path["id"])
    return json_response(200, cancelled_view(cancelled))


ROUTES = {"DELETE /v1/send-requests/{id}": delete_send_request}


def handler(event: dict[str, Any], context: object) -> Response:  # noqa: ARG001 - Lambda's signature
    return serve(event, ROUTES, bootstrap.integration_granted)
