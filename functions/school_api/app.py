"""HTTP for managers and senders: everything but sending and the order form."""

from typing import Any
from urllib.parse import unquote

from schoolsms import bootstrap
from schoolsms.api.bodies.acts import AcceptanceBody
from schoolsms.api.bodies.consents import ConsentBody
from schoolsms.api.bodies.operator import HistoryQuery
from schoolsms.api.bodies.sending import TemplateBody
from schoolsms.api.http import Request, Response, file_response, json_response, no_content, openapi_document, serve
from schoolsms.api.views.consents import consent_view, reply_view
from schoolsms.api.views.history import export_view, message_view, purges_view
from schoolsms.api.views.orders import invoice_view, order_in_detail_view, order_view
from schoolsms.api.views.schools import destinations_view, entry_view
from schoolsms.api.views.sending import send_request_view, template_view, upload_view
from schoolsms.api.views.stock import balance_view
from schoolsms.api.views.values import health_view, slice_view


def health(request: Request) -> Response:  # noqa: ARG001 - every route takes its request
    return json_response(200, health_view())


def openapi(request: Request) -> Response:  # noqa: ARG001 - every route takes its request
    return openapi_document()


def balance(request: Request) -> Response:
    return json_response(200, balance_view(bootstrap.read_accounts().stock(request.caller)))


def ledger(request: Request) -> Response:
    entries = bootstrap.read_accounts().entries(request.caller, request.cursor)
    return json_response(200, slice_view(entries, entry_view))


def orders(request: Request) -> Response:
    query = request.query
    found = bootstrap.read_accounts().list_orders(request.caller, query.get("state"), request.cursor)
    return json_response(200, slice_view(found, order_view))


def order(request: Request) -> Response:
    accounts = bootstrap.read_accounts()
    found = accounts.order(request.caller, request.path["id"])
    contract, for_operator = accounts.contract(found), "operator" in request.caller.roles
    return json_response(200, order_in_detail_view(found, contract, for_operator=for_operator))


def invoices(request: Request) -> Response:
    read = bootstrap.read_invoices()
    found = read.list_invoices(request.caller, request.query.get("state"), request.cursor)
    return json_response(200, slice_view(found, lambda invoice: invoice_view(invoice, read.today)))


def invoice(request: Request) -> Response:
    number = request.path["number"]
    return file_response(
        bootstrap.read_invoices().document(request.caller, number), "application/pdf", f"facture-{number}.pdf"
    )


def history(request: Request) -> Response:
    query = HistoryQuery.model_validate(request.query)
    found = bootstrap.read_send_requests().history(request.caller, query.search(), request.cursor)
    return json_response(200, slice_view(found, message_view))


def history_csv(request: Request) -> Response:
    search = HistoryQuery.model_validate(request.query).search()
    found = bootstrap.export_history().download(request.caller, search)
    if isinstance(found, bytes):
        return file_response(found, "text/csv; charset=utf-8", "historique-sms.csv")
    begun = json_response(202, export_view(found))
    begun["headers"]["location"] = f"/v1/exports/{found.id}"
    return begun


def export(request: Request) -> Response:
    return json_response(200, export_view(*bootstrap.export_history().show(request.caller, request.path["id"])))


def send_request(request: Request) -> Response:
    return json_response(
        200, send_request_view(*bootstrap.read_send_requests().show(request.caller, request.path["id"]))
    )


def purges(request: Request) -> Response:
    certificates, running = bootstrap.read_purges().certificates(request.caller, request.cursor)
    return json_response(200, purges_view(certificates, running))


def get_destinations(request: Request) -> Response:
    return json_response(200, destinations_view(bootstrap.authorise_destinations().show(request.caller)))


def accept_destinations(request: Request) -> Response:
    request.caller.require_school("sms_manager")
    version = request.read(AcceptanceBody).version if request.body else None
    return json_response(200, destinations_view(bootstrap.authorise_destinations().accept(request.caller, version)))


def _name(request: Request) -> str:
    """Decoded once more where the gateway did not: no name holds a percent sign."""
    return unquote(request.path["name"])


def list_templates(request: Request) -> Response:
    return json_response(
        200, slice_view(bootstrap.keep_templates().list(request.caller, request.cursor), template_view)
    )


def get_template(request: Request) -> Response:
    return json_response(200, template_view(bootstrap.keep_templates().show(request.caller, _name(request))))


def put_template(request: Request) -> Response:
    request.caller.require_school("sms_manager")
    text = request.read(TemplateBody).text
    template, is_new = bootstrap.keep_templates().put(request.caller, _name(request), text)
    return json_response(201 if is_new else 200, template_view(template))


def delete_template(request: Request) -> Response:
    bootstrap.keep_templates().delete(request.caller, _name(request))
    return no_content()


def _phone(request: Request) -> str:
    """Decoded once more where the gateway did not: no number holds a percent sign."""
    return unquote(request.path["phone"])


def put_consent(request: Request) -> Response:
    request.caller.require_school("sms_manager")
    collected = request.read(ConsentBody).collected()
    record, is_new = bootstrap.keep_consents().put(request.caller, _phone(request), collected)
    return json_response(201 if is_new else 200, consent_view(record))


def withdraw_consent(request: Request) -> Response:
    bootstrap.keep_consents().withdraw(request.caller, _phone(request))
    return no_content()


def list_consents(request: Request) -> Response:
    return json_response(200, slice_view(bootstrap.keep_consents().list(request.caller, request.cursor), consent_view))


def replies(request: Request) -> Response:
    return json_response(200, slice_view(bootstrap.read_replies().list(request.caller, request.cursor), reply_view))


def open_recipient_list(request: Request) -> Response:
    return json_response(201, upload_view(bootstrap.open_recipient_list().open(request.caller)))


ROUTES = {
    "GET /healthz": health,
    "GET /v1/openapi.json": openapi,
    "GET /v1/balance": balance,
    "GET /v1/ledger": ledger,
    "GET /v1/orders": orders,
    "GET /v1/orders/{id}": order,
    "GET /v1/invoices": invoices,
    "GET /v1/invoices/{number}": invoice,
    "GET /v1/history": history,
    "GET /v1/history.csv": history_csv,
    "GET /v1/exports/{id}": export,
    "GET /v1/purges": purges,
    "GET /v1/templates": list_templates,
    "GET /v1/templates/{name}": get_template,
    "PUT /v1/templates/{name}": put_template,
    "DELETE /v1/templates/{name}": delete_template,
    "GET /v1/consents": list_consents,
    "PUT /v1/consents/{phone}": put_consent,
    "DELETE /v1/consents/{phone}": withdraw_consent,
    "GET /v1/replies": replies,
    "GET /v1/send-requests/{id}": send_request,
    "POST /v1/recipient-lists": open_recipient_list,
    "GET /v1/destinations": get_destinations,
    "POST /v1/destinations/acceptance": accept_destinations,
}


def handler(event: dict[str, Any], context: object) -> Response:  # noqa: ARG001 - Lambda's signature
    return serve(event, ROUTES, bootstrap.integration_granted)
