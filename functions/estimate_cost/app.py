"""HTTP: what a message will cost."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.api.bodies.sending import EstimateBody
from schoolsms.api.http import Request, Response, json_response, serve
from schoolsms.api.routes import SENDER_OR_MANAGER, Route
from schoolsms.api.views.sending.estimates import estimate_view


def post_estimate(request: Request, body: EstimateBody) -> Response:
    command = body.command()
    return json_response(200, estimate_view(*bootstrap.estimate_cost().estimate(request.caller, command)))


ROUTES = (
    Route(
        "POST", "/v1/estimates", SENDER_OR_MANAGER, post_estimate, "What a text would cost",
        {200: estimate_view}, (404,), body=EstimateBody,
    ),
)  # fmt: skip

bootstrap.prepare_snapshot(bootstrap.estimate_cost)


def handler(event: dict[str, Any], context: object) -> Response:
    return serve(event, ROUTES, bootstrap.integration_granted)
