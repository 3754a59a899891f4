"""A route of the HTTP API as one object.

`serve` reads it to check roles and the body, `make openapi` to describe the API, the tests to know who may call what.
`template.yaml` names the same routes, because API Gateway matches them; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from schoolsms.api.bodies.well_formed import Reader
from schoolsms.api.json_bodies import read_json, read_quickly

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import BaseModel

    from schoolsms.domain.schools.access import Caller, Role

    View = Callable[..., Any]
    """A function of `api.views`; its return type is the schema of the answer."""

ANYBODY: tuple[Role, ...] = ()
"""No token is asked for: `template.yaml` says so too, and limits how often the route is called."""
OPERATOR: tuple[Role, ...] = ("operator",)
MANAGER: tuple[Role, ...] = ("sms_manager",)
MANAGER_OR_OPERATOR: tuple[Role, ...] = ("sms_manager", "operator")
SENDER_OR_MANAGER: tuple[Role, ...] = ("sms_sender", "sms_manager")

ANY_QUERY = ("*",)
"""The `query` of a route that takes names which nobody knows beforehand."""


class PageOf(NamedTuple):
    """An answer that is a page of a list, each item shown by `view`."""

    view: View


class File(NamedTuple):
    """An answer that is a file of one of these content types."""

    content_types: tuple[str, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Route:
    """One route. `handler` gets the request, and after it the `body` or the `search` if there is one.

    path            as API Gateway matches it: `{name+}`, at its end, also takes slashes
    roles           any of them may call; ANYBODY needs no token
    answers         by status: the view, page or file that is answered, None for no content
    refusals        statuses beside those that every route of its kind has
    body            model of the JSON body, or what reads it; with `body_optional` the handler may get None
    takes           content type of a body that is no JSON, and that the handler reads itself
    search          model of the query; `query` names parameters beside it
    query           a handler sees these parameters; of a route with roles, others are refused
    """

    method: str
    path: str
    roles: tuple[Role, ...]
    handler: Callable[..., dict[str, Any]]
    summary: str
    answers: Mapping[int, View | PageOf | File | None]
    refusals: tuple[int, ...] = ()
    body: type[BaseModel] | Reader | None = None
    body_optional: bool = False
    takes: str = ""
    search: type[BaseModel] | None = None
    query: tuple[str, ...] = ()
    headers: Mapping[str, str] | None = None
    about: str = ""

    @property
    def key(self) -> str:
        """As API Gateway names it: `GET /v1/balance`."""
        return f"{self.method} {self.path}"

    @property
    def template(self) -> str:
        """The path as OpenAPI writes it, which has no other sign for a parameter that takes slashes."""
        return self.path.replace("+}", "}")

    @property
    def query_names(self) -> tuple[str, ...]:
        """Every parameter of the query that the route knows, as it is written in a URL."""
        searched = self.search.model_fields.items() if self.search else ()
        return (*(field.alias or name for name, field in searched), *self.query)

    @property
    def model(self) -> type[BaseModel] | None:
        """The model of the JSON body."""
        return self.body.model() if isinstance(self.body, Reader) else self.body

    def read(self, body: bytes) -> Any:
        """Return what the handler gets for this JSON. Raises NotJson, AmbiguousJson, pydantic's ValidationError."""
        assert self.body is not None
        if not isinstance(self.body, Reader):
            return self.body.model_validate(read_json(body))
        quick = read_quickly(body)
        command = self.body.read_unchecked(*quick) if quick else None
        return self.body.read(read_json(body)) if command is None else command

    def admit(self, caller: Caller) -> None:
        """Raise Forbidden unless the caller has one of `roles` and, but for the operator, a school."""
        if not self.roles:
            return
        of_a_school = tuple(role for role in self.roles if role != "operator")
        if not of_a_school:
            caller.require("operator")
        elif of_a_school == self.roles:
            caller.require_school(*of_a_school)
        else:
            caller.require_operator_or_school(*of_a_school)


def route_of(key: str, routes: tuple[Route, ...]) -> Route:
    """The route that API Gateway matched. Raises LookupError for one that the function forgot."""
    for route in routes:
        if route.key == key:
            return route
    raise LookupError("no such route")
