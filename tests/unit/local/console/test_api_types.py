"""TypeScript's types of the HTTP API, made from its description."""

import json

from local.console.api_types import DESCRIPTION, types_of

DOCUMENT = {
    "components": {
        "schemas": {
            "Thing": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "count": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
                    "kind": {"enum": ["a", "b"]},
                    "other": {"$ref": "#/components/schemas/Thing"},
                },
                "required": ["id", "kind"],
            },
            "Totals": {"type": "object", "additionalProperties": {"type": "integer"}},
        }
    },
    "paths": {
        "/v1/things/{id}": {
            "get": {
                "summary": "One",
                "parameters": [{"name": "cursor", "in": "query", "schema": {"type": "string"}}],
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
                    "404": {},
                },
            },
            "delete": {"summary": "Remove", "responses": {"204": {}}},
        },
        "/v1/form": {"get": {"summary": "PDF", "responses": {"200": {"content": {"application/pdf": {}}}}}},
    },
}


def test_a_schema_becomes_a_type() -> None:
    made = types_of(DOCUMENT)
    thing = '{ "id": string; "count"?: number | null; "kind": "a" | "b"; "other"?: Thing }'
    assert f"export type Thing = {thing};" in made
    assert "export type Totals = Record<string, number>;" in made


def test_a_route_has_its_path_query_body_and_answer() -> None:
    made = types_of(DOCUMENT)
    nothing = "Record<never, never>"
    read = '{ path: { "id": string }; query: { "cursor"?: string }; body: undefined; answer: Thing }'
    assert f'"GET /v1/things/{{id}}": {read};' in made
    assert f'"GET /v1/form": {{ path: {nothing}; query: {nothing}; body: undefined; answer: Blob }};' in made
    assert '"DELETE /v1/things/{id}"' in made
    assert "answer: undefined" in made


def test_every_route_of_the_api_has_types() -> None:
    document = json.loads(DESCRIPTION.read_text("utf-8"))
    made = types_of(document)
    routes = [f'"{method.upper()} {path}"' for path, methods in document["paths"].items() for method in methods]
    assert [route for route in routes if f"  {route}: " not in made] == []
