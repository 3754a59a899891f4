"""HTTP for managers and senders: everything but sending and the order form."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.contracts import HistoryQuery
from schoolsms.http import Request, Response, answer, serve
from schoolsms.views import balance_view, entry_view, message_view, order_view, send_request_view, slice_view


def health(request: Request) -> Response:  # noqa: ARG001 - every route takes its request
    return answer(200, {"status": "ok"})


def balance(request: Request) -> Response:
    return answer(200, balance_view(*bootstrap.read_accounts().balance(request.caller)))


def ledger(request: Request) -> Response:
    entries = bootstrap.read_accounts().entries(request.caller, request.cursor)
    return answer(200, slice_view(entries, entry_view))


def orders(request: Request) -> Response:
    query = request.query
    found = bootstrap.read_accounts().list_orders(request.caller, query.get("state"), request.cursor)
    return answer(200, slice_view(found, order_view))


def order(request: Request) -> Response:
    found = bootstrap.read_accounts().order(request.caller, request.path["id"])
    # What was read on the form is for who decides about it (R12).
    more = {"read": dict(found.read)} if "operator" in request.caller.roles else {}
    return answer(200, {**order_view(found), **more})


def history(request: Request) -> Response:
    query = HistoryQuery.model_validate(request.query)
    found = bootstrap.read_send_requests().history(request.caller, query.search(), query.cursor)
    return answer(200, slice_view(found, message_view))


def send_request(request: Request) -> Response:
    return answer(200, send_request_view(*bootstrap.read_send_requests().show(request.caller, request.path["id"])))


ROUTES = {
    "GET /healthz": health,
    "GET /v1/balance": balance,
    "GET /v1/ledger": ledger,
    "GET /v1/orders": orders,
    "GET /v1/orders/{id}": order,
    "GET /v1/history": history,
    "GET /v1/send-requests/{id}": send_request,
}


def handler(event: dict[str, Any], context: object) -> Response:  # noqa: ARG001 - Lambda's signature
    return serve(event, ROUTES)
