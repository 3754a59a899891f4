"""`GET /v1/openapi.json` describes every route there is, and no other; `conftest.py` checks every answer against it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import validate

from local.openapi.document import WRITTEN, build, written
from tests.support.functions.cloud import Cloud, function_folders
from tests.support.functions.events import event
from tests.support.template import routes_of

METHODS = {"get", "put", "post", "delete"}


@pytest.fixture(scope="module")
def document() -> dict[str, object]:
    return build()


def test_what_is_served_is_current(document: dict[str, object]) -> None:
    current = WRITTEN.read_text("utf-8") == written(document)
    assert current, "routes, bodies or answers changed: run `make openapi` and commit openapi.json with them"


def test_it_is_openapi(document: dict[str, object]) -> None:
    validate(document)


def test_it_has_the_routes_of_the_template_and_no_other() -> None:
    paths = json.loads(WRITTEN.read_text("utf-8"))["paths"]

    described = {f"{method.upper()} {path}" for path, each in paths.items() for method in each if method in METHODS}
    routes = {route for folder in function_folders() for route in routes_of(folder)} - routes_of("console")
    assert described == {route.replace("+}", "}") for route in routes}, "run `make openapi`"


def test_only_routes_without_authorizer_want_no_token(document: dict[str, dict[str, dict[str, object]]]) -> None:
    paths = document["paths"].items()
    operations = {f"{method.upper()} {path}": each for path, methods in paths for method, each in methods.items()}
    open_ones = {key for key, each in operations.items() if each["security"] == []}  # type: ignore[index]

    assert open_ones == {
        "GET /healthz",
        "GET /v1/openapi.json",
        "GET /v1/closures",
        "GET /conditions/{version}",
        "GET /v1/notified/confirmation/{token}",
        "POST /v1/notified/confirmation/{token}",
        "GET /v1/receipts/{provider}/{secret}",
        "POST /v1/receipts/{provider}/{secret}",
        "GET /v1/incoming/{provider}/{secret}",
        "POST /v1/incoming/{provider}/{secret}",
    }
    assert all("401" in each["responses"] for key, each in operations.items() if key not in open_ones)  # type: ignore[index]


BOUNDS = {"maxLength", "pattern", "format", "enum", "const"}


def texts(schema: Any, components: dict[str, Any], at: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every text that a schema takes, and where."""
    if isinstance(schema, list):
        for each in schema:
            yield from texts(each, components, at)
    elif isinstance(schema, dict):
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            yield from texts(components[name], components, name)
        if schema.get("type") == "string":
            yield at, schema
        for name, each in schema.items():
            yield from texts(each, components, f"{at}.{name}")


def test_every_text_of_a_body_and_a_path_has_a_form(document: dict[str, Any]) -> None:
    taken: list[tuple[str, Any]] = []
    for path, methods in document["paths"].items():
        for operation in methods.values():
            named = [each for each in operation.get("parameters", []) if each["in"] == "path"]
            taken += [(f"{path} {each['name']}", each["schema"]) for each in named]
            content = operation.get("requestBody", {}).get("content", {})
            taken += [(path, each["schema"]) for each in content.values() if "schema" in each]
    found = [each for at, schema in taken for each in texts(schema, document["components"]["schemas"], at)]
    assert len(found) > 60
    assert [at for at, schema in found if not BOUNDS & set(schema)] == []


def test_days_instants_and_addresses_have_their_format(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert schemas["SchoolBody"]["properties"]["subscription_end"]["format"] == "date"
    assert schemas["PaymentBody"]["properties"]["paid_on"]["format"] == "date"
    assert schemas["ClosuresBody"]["items"]["format"] == "date"
    assert schemas["SendRequestBody"]["properties"]["send_at"]["format"] == "date-time"
    assert schemas["ManagerBody"]["properties"]["email"]["format"] == "email"


def test_it_is_served_to_everybody(cloud: Cloud) -> None:
    answer = cloud.invoke("school_api", event("school_api", "openapi"))

    assert (answer["statusCode"], answer["headers"]["content-type"]) == (200, "application/json; charset=utf-8")
    assert json.loads(answer["body"]) == json.loads(WRITTEN.read_text("utf-8"))
