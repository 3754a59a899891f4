"""HTTP for the operator: schools."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.contracts import SchoolBody
from schoolsms.domain.errors import RefusedError
from schoolsms.domain.uai import normalise_uai
from schoolsms.http import Request, Response, answer, serve
from schoolsms.views import school_view, slice_view


def put_school(request: Request) -> Response:
    request.caller.require("operator")
    school = request.read(SchoolBody).school(_uai(request))
    school, is_new = bootstrap.register_school().register(request.caller, school)
    return answer(201 if is_new else 200, school_view(school))


def get_school(request: Request) -> Response:
    return answer(200, school_view(bootstrap.register_school().show(request.caller, _uai(request))))


def list_schools(request: Request) -> Response:
    return answer(
        200, slice_view(bootstrap.register_school().list(request.caller, request.query.get("cursor")), school_view)
    )


def _uai(request: Request) -> str:
    uai = normalise_uai(request.path["uai"])
    if uai is None:
        raise RefusedError("Ce code UAI est incorrect : 7 chiffres, puis une lettre qui les vérifie.", "invalid-uai")
    return uai


ROUTES = {
    "PUT /v1/schools/{uai}": put_school,
    "GET /v1/schools/{uai}": get_school,
    "GET /v1/schools": list_schools,
}


def handler(event: dict[str, Any], context: object) -> Response:  # noqa: ARG001 - Lambda's signature
    return serve(event, ROUTES)
