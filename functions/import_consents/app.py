"""HTTP: a list of consents, as CSV."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.api.http import Request, Response, json_response, serve
from schoolsms.api.views.consents import imported_view


def post_list(request: Request) -> Response:
    return json_response(200, imported_view(bootstrap.import_consents().run(request.caller, request.body)))


def handler(event: dict[str, Any], context: object) -> Response:  # noqa: ARG001 - Lambda's signature
    return serve(event, {"POST /v1/consents/import": post_list}, bootstrap.integration_granted)
