"""HTTP: a provider brings what a recipient answered."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.api.http import Request, Response, serve
from schoolsms.api.routes import ANY_QUERY, ANYBODY, Route
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


ROUTES = tuple(
    Route(
        method, "/v1/incoming/{provider}/{secret}", ANYBODY, accept, "Take what a recipient answered to a provider",
        {204: None}, (404, 422), takes="*/*", query=ANY_QUERY,
        about="An answer that begins with a stop word withdraws consents; managers read the others. Authenticated by "
        "its secret path.",
    )
    for method in ("GET", "POST")
)  # fmt: skip


def handler(event: dict[str, Any], context: object) -> Response:
    return serve(event, ROUTES)
