"""HTTP: a message to send."""

import gc
from typing import Any

from schoolsms import bootstrap
from schoolsms.api.bodies.well_formed import SEND_REQUEST
from schoolsms.api.http import Request, Response, json_response, problem, serve
from schoolsms.api.routes import SENDER_OR_MANAGER, Route
from schoolsms.api.titles import TITLES
from schoolsms.api.views.sending.sending import accepted_view, refusals_view
from schoolsms.application.sending.accepting.accept_send_request import NoRecipientLeft, SendCommand
from schoolsms.domain.errors import RefusedError

LONGEST_KEY = 200

# Ten thousand recipients are many objects and no cycles: looking for some among them took a fifth of the time.
gc.set_threshold(200_000)


def post_send_request(request: Request, command: SendCommand) -> Response:
    key = request.headers.get("idempotency-key", "").strip()
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise RefusedError(f"La clé d'idempotence a {LONGEST_KEY} caractères lisibles au plus.", "invalid-request")
    try:
        outcome = bootstrap.accept_send_request().accept(request.caller, command, key or None)
    except NoRecipientLeft as left:
        title = TITLES[left.common_code or left.code]
        return problem(422, left.code, left.detail, title=title, refused=refusals_view(left.refusals))
    return json_response(202, accepted_view(outcome.request, outcome.refusals, outcome.warnings))


ROUTES = (
    Route(
        "POST", "/v1/send-requests", SENDER_OR_MANAGER, post_send_request, "Send a text",
        {202: accepted_view}, (402, 404, 409), body=SEND_REQUEST, about="Nothing is debited on any error.",
        headers={"Idempotency-Key": "a request said again under the same key is the same request"},
    ),
)  # fmt: skip

bootstrap.prepare_snapshot(bootstrap.accept_send_request)


def handler(event: dict[str, Any], context: object) -> Response:
    return serve(event, ROUTES, bootstrap.integration_granted)
