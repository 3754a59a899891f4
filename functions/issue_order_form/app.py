"""HTTP: a manager downloads the order form."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.api.http import Request, Response, file_response, serve


def get_order_form(request: Request) -> Response:
    order_id, pdf = bootstrap.issue_order_form().issue(request.caller, request.query)
    return file_response(pdf, "application/pdf", f"bon-de-commande-{order_id}.pdf")


def handler(event: dict[str, Any], context: object) -> Response:  # noqa: ARG001 - Lambda's signature
    return serve(event, {"GET /v1/order-form": get_order_form}, bootstrap.integration_granted)
