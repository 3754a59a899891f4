"""HTTP: a provider tells what became of a message."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.http import Request, Response, serve
from schoolsms.observability import logger


def accept(request: Request) -> Response:
    provider = request.path["provider"]
    outcome = bootstrap.accept_receipts().accept(provider, request.path["secret"], request.query)
    logger.info("receipt accepted", extra={"provider": provider, "outcome": outcome})
    return {"statusCode": 204, "headers": {}}


ROUTES = {
    "GET /v1/receipts/{provider}/{secret}": accept,
    "POST /v1/receipts/{provider}/{secret}": accept,
}


def handler(event: dict[str, Any], context: object) -> Response:  # noqa: ARG001 - Lambda's signature
    return serve(event, ROUTES)
