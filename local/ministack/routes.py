"""Routes of an HTTP API, which MiniStack's CloudFormation does not read from an OpenAPI body."""

from __future__ import annotations

import json
from typing import Any

from ministack.services import apigateway  # type: ignore[import-not-found]

HTTP_METHODS = {"get", "put", "post", "delete", "patch", "head", "options", "x-amazon-apigateway-any-method"}


def from_openapi_body(api_id: str, props: dict[str, Any]) -> None:
    """Authorizers, integrations and routes of an OpenAPI body, which MiniStack's CloudFormation ignores."""
    body = props.get("Body")
    if not body:
        return
    for store in (apigateway._routes, apigateway._integrations, apigateway._authorizers):
        store[api_id] = {}
    authorizers = {
        name: _created(apigateway._create_authorizer(api_id, _jwt_authorizer(name, scheme)))["authorizerId"]
        for name, scheme in body.get("components", {}).get("securitySchemes", {}).items()
        if "x-amazon-apigateway-authorizer" in scheme
    }
    for path, operations in body.get("paths", {}).items():
        for method, operation in operations.items():
            if method in HTTP_METHODS:
                _add_route(api_id, path, method, operation, authorizers)


def _jwt_authorizer(name: str, scheme: dict[str, Any]) -> dict[str, Any]:
    authorizer = scheme["x-amazon-apigateway-authorizer"]
    if authorizer.get("type") != "jwt":
        raise ValueError(f"authorizer {name}: only JWT authorizers are known locally")
    source = authorizer.get("identitySource", "$request.header.Authorization")
    return {
        "authorizerType": "JWT",
        "name": name,
        "identitySource": source if isinstance(source, list) else [source],
        "jwtConfiguration": authorizer["jwtConfiguration"],
    }


def _add_route(api_id: str, path: str, method: str, operation: dict[str, Any], authorizers: dict[str, str]) -> None:
    integration = operation["x-amazon-apigateway-integration"]
    created = _created(
        apigateway._create_integration(
            api_id,
            {
                "integrationType": "AWS_PROXY",
                "integrationUri": integration["uri"],
                "payloadFormatVersion": integration.get("payloadFormatVersion", "2.0"),
                "timeoutInMillis": integration.get("timeoutInMillis", 30000),
            },
        )
    )
    verb = "ANY" if method == "x-amazon-apigateway-any-method" else method.upper()
    route = {
        "routeKey": "$default" if path == "/$default" else f"{verb} {path}",
        "target": f"integrations/{created['integrationId']}",
    }
    schemes = [(name, scopes) for entry in operation.get("security", []) for name, scopes in entry.items()]
    for name, scopes in schemes:
        if name in authorizers:
            authorized = {"authorizationType": "JWT", "authorizerId": authorizers[name]}
            route |= authorized | {"authorizationScopes": scopes}
    _created(apigateway._create_route(api_id, route))


def _created(response: tuple[int, Any, bytes]) -> dict[str, Any]:
    status, _, body = response
    content: dict[str, Any] = json.loads(body)
    if status >= 300:
        raise ValueError(f"HTTP API body: {content}")
    return content
