"""HTTP: a provider tells what became of a message."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.api.http import Request, Response, serve
from schoolsms.api.routes import ANY_QUERY, ANYBODY, Route
from schoolsms.application.ports.provider_calls import ReceiptCall
from schoolsms.observability import logger, warn_with_metric


def accept(request: Request) -> Response:
    provider = request.path["provider"]
    call = ReceiptCall(request.query, request.body)
    outcome, receipt = bootstrap.accept_receipts().accept(provider, request.path["secret"], call)
    named = receipt.provider_message_id if receipt else None
    logger.info("receipt accepted", extra={"provider": provider, "provider_message": named, "outcome": outcome})
    if outcome != "queued":
        warn_with_metric("receipt not understood", "ReceiptsNotUnderstood", provider=provider)
    return {"statusCode": 204, "headers": {}}


ROUTES = tuple(
    Route(
        method, "/v1/receipts/{provider}/{secret}", ANYBODY, accept, "Take a provider's receipt", {204: None},
        (404, 422), takes="*/*", query=ANY_QUERY, about="Authenticated by its secret path.",
    )
    for method in ("GET", "POST")
)  # fmt: skip


def handler(event: dict[str, Any], context: object) -> Response:
    return serve(event, ROUTES)
