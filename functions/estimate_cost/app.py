"""HTTP: what a message will cost."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.api.bodies.sending import EstimateBody
from schoolsms.api.http import Request, Response, json_response, serve
from schoolsms.api.views.estimates import estimate_view


def post_estimate(request: Request) -> Response:
    request.caller.require_school("sms_sender", "sms_manager")
    command = request.read(EstimateBody).command()
    return json_response(200, estimate_view(*bootstrap.estimate_cost().estimate(request.caller, command)))


def handler(event: dict[str, Any], context: object) -> Response:  # noqa: ARG001 - Lambda's signature
    return serve(event, {"POST /v1/estimates": post_estimate}, bootstrap.integration_granted)
