"""HTTP: what a person may ask of the school about their number."""

from typing import Any
from urllib.parse import unquote

from schoolsms import bootstrap
from schoolsms.api.bodies.consents import RectificationBody
from schoolsms.api.http import Request, Response, json_response, serve
from schoolsms.api.views.consents import consent_view, erasure_view, held_view


def _phone(request: Request) -> str:
    """Decoded once more where the gateway did not: no number holds a percent sign."""
    return unquote(request.path["phone"])


def show(request: Request) -> Response:
    return json_response(
        200, held_view(bootstrap.exercise_rights().show(request.caller, _phone(request), request.cursor))
    )


def rectify(request: Request) -> Response:
    request.caller.require_school("sms_manager")
    right = request.read(RectificationBody).phone
    return json_response(200, consent_view(bootstrap.exercise_rights().rectify(request.caller, _phone(request), right)))


def erase(request: Request) -> Response:
    erasure = bootstrap.exercise_rights().erase(request.caller, _phone(request), request.cursor)
    return json_response(202 if erasure.cursor else 200, erasure_view(erasure))


ROUTES = {
    "GET /v1/recipients/{phone}": show,
    "POST /v1/recipients/{phone}/rectification": rectify,
    "DELETE /v1/recipients/{phone}": erase,
}


def handler(event: dict[str, Any], context: object) -> Response:  # noqa: ARG001 - Lambda's signature
    return serve(event, ROUTES, bootstrap.integration_granted)
