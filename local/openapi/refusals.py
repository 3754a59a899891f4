"""The refusals that many routes share: problems of the service, messages of API Gateway."""

from local.openapi.shapes import COUNT, TEXT, Schema, many, obj, one_of, ref
from schoolsms.api.routes import Route
from schoolsms.api.titles import TITLES

_REFUSALS = {
    400: "The body is no JSON",
    402: "The stock does not suffice",
    403: "The caller's role, school or client may not, or the school may not send now",
    404: "No such thing in this school",
    409: "The thing is in another state",
    422: "Something in the request is to be corrected",
    500: "An error on our side",
    503: "Not now: try again after a few seconds",
}
_AT_THE_GATE = {401: "No token, or none that is accepted", 413: "The body is too large"}

SCHEMAS: dict[str, Schema] = {
    "Problem": obj(
        ("errors", "refused"),
        "RFC 9457. `code` is for programs, `title` and `detail` are French.",
        type=TEXT,
        title=TEXT,
        status=COUNT,
        detail=TEXT,
        code={**one_of(*sorted(TITLES)), "description": "more may come"},
        errors=many(obj(field=TEXT, code=TEXT, detail=TEXT)),
        refused=many(ref("Refusal")),
    ),
    "GatewayMessage": obj((), "What API Gateway itself answers: no problem of RFC 9457.", message=TEXT),
}


def responses() -> dict[str, Schema]:
    """Every refusal by its status, for routes to refer to."""
    return {str(status): _refusal(status) for status in (*_REFUSALS, *_AT_THE_GATE)}


def statuses(route: Route) -> list[int]:
    """The refusals of a route: those of its kind, and those it names."""
    found = {500, 503, *route.refusals}
    if route.roles:
        found |= {401, 403, 422}  # 422 for a name in the query that the route does not know
    if "{" in route.path:
        found.add(404)
    if route.query or route.search or route.body or route.takes:
        found.add(422)
    if route.body:
        found |= {400, 413}
    return sorted(found)


def _refusal(status: int) -> Schema:
    if status in _AT_THE_GATE:
        content = {"application/json": {"schema": ref("GatewayMessage")}}
        return {"description": _AT_THE_GATE[status], "content": content}
    return {
        "description": _REFUSALS[status],
        "content": {"application/problem+json": {"schema": ref("Problem")}},
    }
