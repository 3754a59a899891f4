"""HTTP: a list of consents, as CSV."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.api.http import Request, Response, json_response, serve
from schoolsms.api.routes import MANAGER, Route
from schoolsms.api.views.consents import imported_view


def post_list(request: Request) -> Response:
    return json_response(200, imported_view(bootstrap.import_consents().run(request.caller, request.body)))


ROUTES = (
    Route(
        "POST", "/v1/consents/import", MANAGER, post_list, "Record the consents of a list", {200: imported_view},
        (404, 409), takes="text/csv",
    ),
)  # fmt: skip


def handler(event: dict[str, Any], context: object) -> Response:
    return serve(event, ROUTES, bootstrap.integration_granted)
