"""HTTP: what a person may ask of the school about their number."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.api.bodies.consents import RectificationBody
from schoolsms.api.http import Request, Response, json_response, serve
from schoolsms.api.routes import MANAGER, Route
from schoolsms.api.views.consents import consent_view, erasure_view, held_view


def show(request: Request) -> Response:
    return json_response(
        200, held_view(bootstrap.exercise_rights().show(request.caller, request.path["phone"], request.cursor))
    )


def rectify(request: Request, body: RectificationBody) -> Response:
    return json_response(
        200, consent_view(bootstrap.exercise_rights().rectify(request.caller, request.path["phone"], body.phone))
    )


def erase(request: Request) -> Response:
    erasure = bootstrap.exercise_rights().erase(request.caller, request.path["phone"], request.cursor)
    return json_response(202 if erasure.cursor else 200, erasure_view(erasure))


ROUTES = (
    Route(
        "GET", "/v1/recipients/{phone}", MANAGER, show, "All that is held of a number", {200: held_view}, (422,),
        query=("cursor",),
    ),
    Route(
        "POST", "/v1/recipients/{phone}/rectification", MANAGER, rectify,
        "Record a number's correction with its consent", {200: consent_view}, (409,), body=RectificationBody,
    ),
    Route(
        "DELETE", "/v1/recipients/{phone}", MANAGER, erase,
        "Erase a number from all that is held, and never write to it again",
        {200: erasure_view, 202: erasure_view}, (422,), query=("cursor",),
        about="202 while it is not complete: say it again with `next_cursor` as `cursor`.",
    ),
)  # fmt: skip


def handler(event: dict[str, Any], context: object) -> Response:
    return serve(event, ROUTES, bootstrap.integration_granted)
