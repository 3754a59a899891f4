"""HTTP: a provider brings what a recipient answered."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.api.http import Request, Response, serve
from schoolsms.application.ports.provider_calls import ReceiptCall
from schoolsms.observability import logger, warn_with_metric


def accept(request: Request) -> Response:
    provider = request.path["provider"]
    call = ReceiptCall(request.query, request.body)
    outcome = bootstrap.accept_replies().call(provider, request.path["secret"], call)
    logger.info("reply accepted", extra={"provider": provider, "outcome": outcome})
    if outcome == "malformed":
        warn_with_metric("receipt not understood", "ReceiptsNotUnderstood", provider=provider)
    return {"statusCode": 204, "headers": {}}


ROUTES = {
    "GET /v1/incoming/{provider}/{secret}": accept,
    "POST /v1/incoming/{provider}/{secret}": accept,
}


def handler(event: dict[str, Any], context: object) -> Response:  # noqa: ARG001 - Lambda's signature
    return serve(event, ROUTES)
