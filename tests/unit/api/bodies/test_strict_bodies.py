"""Every body of every route is strict: whatever is of another type than its field is refused and named.

The bodies are those the description names, so that a route to come is held to it without a line here but its example.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from local.openapi.routes import routes
from schoolsms.api.bodies.base import StrictBody, StrictRoot
from schoolsms.api.bodies.sending import SendRequestBody
from schoolsms.api.http import Request, Response, json_response, serve
from schoolsms.api.routes import ANYBODY, Route
from tests.support.api.strict_bodies import EXAMPLES

BODIES = {route.key: route.model for route in routes() if route.model}
MODELS = sorted(set(BODIES.values()), key=lambda model: model.__name__)
AMOUNTS = {"price_ht", "vat_rate", "amount", "prices"}
JUDGED_LATER = {"text", "template", "phone", "prenom", "recipient_list"}
"""Fields whose texts and numbers have refusals of their own, if need be for one recipient."""
DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def taken(model: type[BaseModel], text: str) -> tuple[int, Any]:
    """Status and answer of a route that takes `model`."""

    def take(request: Request, body: BaseModel) -> Response:
        return json_response(200, {})

    route = Route("PUT", "/v1/anything", ANYBODY, take, "Takes it", {200: None}, body=model)
    response = serve({"routeKey": route.key, "body": text}, (route,))
    return response["statusCode"], json.loads(response["body"])


def leaves(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every value of an example that is no object and no list, and where it is."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if children is None:
        yield at, value
    else:
        for name, each in children:
            yield from leaves(each, (*at, name))


def with_literal(value: Any, at: tuple[str | int, ...], literal: str) -> str:
    """The example as JSON, with `literal` where `at` leads."""

    def changed(value: Any, at: tuple[str | int, ...]) -> Any:
        if not at:
            return "@@"
        if isinstance(value, dict):
            return {name: changed(each, at[1:]) if name == at[0] else each for name, each in value.items()}
        return [changed(each, at[1:]) if index == at[0] else each for index, each in enumerate(value)]

    return json.dumps(changed(value, at)).replace('"@@"', literal)


def of_another_type(value: Any, field: str) -> list[str]:
    """JSON values that must not pass for `value`."""
    odd = ["{}", "[]", "[null]", "true", "NaN", "Infinity", "-Infinity", "-0.0", "1e400", "9" * 5_000]
    if isinstance(value, bool):
        return [*odd[:3], *odd[4:], "0", "1", '"true"', '"false"', '"yes"', "1.0"]
    if isinstance(value, int):
        written = f'"{value}"'
        return [
            *odd,
            "false",
            written,
            written.translate(DIGITS),
            f"{value}.0",
            f"{value}e0",
            "-1" if value >= 0 else "0",
            '""',
        ]
    if field in AMOUNTS:
        return [*odd, '"-0"', '"1e1"', '"１"', '"1_0"', '"+1"', '" 1"', '"1,5"', "1.5555555", '"0x1"', '"NaN"', '""']
    halves = ['"\\ud800"', '"a\\udc00"']
    unseen = ['"\\u0000"', '"a\\u0000b"', '"\\u200b\\u2060"', '"\\u3164"', '"a\\u202eb"', '"\\ufffd"', '" \\n"']
    return [*odd, "0", "1", "1795424400", "1.5", "false", *halves, *([] if field in JUDGED_LATER else unseen)]


def test_every_body_has_an_example_that_is_taken() -> None:
    assert set(EXAMPLES) == {model.__name__ for model in MODELS}
    for model in MODELS:
        for example in EXAMPLES[model.__name__]:
            assert taken(model, json.dumps(example)) == (200, {}), model


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_what_is_of_another_type_is_refused_and_named(model: type[BaseModel]) -> None:
    assert issubclass(model, StrictBody | StrictRoot)
    for example in EXAMPLES[model.__name__]:
        for at, value in leaves(example):
            field = next((str(name) for name in at if name in AMOUNTS), str(at[-1]))
            for literal in of_another_type(value, field):
                status, problem = taken(model, with_literal(example, at, literal))
                assert (status, problem["code"]) == (422, "invalid-request"), (at, literal)
                fields = [error["field"] for error in problem["errors"]]
                assert any(field.startswith(str(at[0])) for field in fields), (at, literal, fields)
                assert all(error["detail"] and error["code"] for error in problem["errors"])


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_field_twice_and_one_nobody_knows_are_refused(model: type[BaseModel]) -> None:
    for example in EXAMPLES[model.__name__]:
        if isinstance(example, dict):
            name, value = next(iter(example.items()))
            twice = json.dumps(example)[:-1] + f", {json.dumps(name)}: {json.dumps(value)}}}"
            assert taken(model, twice)[1]["errors"][0]["code"] == "field_twice"
            assert taken(model, json.dumps({**example, "unknown": None}))[0] == 422


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
@pytest.mark.parametrize("body", ["[]", "{}", "null", "0", "true", '"text"', "[[]]", "[null]", '{"": {}}'])
def test_a_body_of_another_shape_is_refused(model: type[BaseModel], body: str) -> None:
    optional = model.__name__ in ("AcceptanceBody", "MailAgainBody") and body == "{}"
    status, _ = taken(model, body)
    assert status == (200 if optional or (body == "[]" and [] in EXAMPLES[model.__name__]) else 422)


@pytest.mark.parametrize("field", ["author", "sender", "sender_name", "client_id", "school"])
def test_a_request_names_neither_its_author_nor_the_sender_that_phones_show(field: str) -> None:
    """R26: the token names them, and the school's registration."""
    body = {"text": "a", "recipients": [{"phone": "0612345678"}], field: "Police"}

    status, problem = taken(SendRequestBody, json.dumps(body))

    assert (status, [each["field"] for each in problem["errors"]]) == (422, [field])
