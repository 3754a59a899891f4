"""HTTP for managers and senders: everything but sending and the order form."""

from contextlib import suppress
from typing import Any

from schoolsms import bootstrap
from schoolsms.api.bodies.acts import AcceptanceBody
from schoolsms.api.bodies.consents import ConsentBody
from schoolsms.api.bodies.history import HistoryQuery
from schoolsms.api.bodies.sending import TemplateBody
from schoolsms.api.http import (
    Request,
    Response,
    document_response,
    file_response,
    json_response,
    no_content,
    openapi_document,
    serve,
)
from schoolsms.api.routes import ANYBODY, MANAGER, MANAGER_OR_OPERATOR, SENDER_OR_MANAGER, File, PageOf, Route
from schoolsms.api.views.consents import consent_view, reply_view
from schoolsms.api.views.history import export_view, message_life_view, message_view, purges_view
from schoolsms.api.views.orders import invoice_view, managers_order_view, order_in_detail_view, order_view
from schoolsms.api.views.schools.balance import balance_view
from schoolsms.api.views.schools.schools import (
    blocked_senders_view,
    destinations_view,
    entry_view,
    managers_view,
    profile_view,
)
from schoolsms.api.views.sending.sending import send_request_view, template_view, upload_view
from schoolsms.api.views.values import health_view, slice_view
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.access import ROLES


def health(request: Request) -> Response:
    maintenance = False
    with suppress(TransientError):  # the service is up though its table is not
        maintenance = bootstrap.maintenance().is_on()
    return json_response(200, health_view(maintenance))


def openapi(request: Request) -> Response:
    return openapi_document()


def profile(request: Request) -> Response:
    return json_response(200, profile_view(bootstrap.read_accounts().profile(request.caller)))


def balance(request: Request) -> Response:
    return json_response(200, balance_view(bootstrap.read_accounts().stock(request.caller)))


def ledger(request: Request) -> Response:
    entries = bootstrap.read_accounts().entries(request.caller, request.cursor)
    return json_response(200, slice_view(entries, entry_view))


def orders(request: Request) -> Response:
    asked = request.query.get
    found = bootstrap.read_orders().list_orders(request.caller, asked("state"), request.cursor, asked("school"))
    view = order_view if "operator" in request.caller.roles else managers_order_view
    return json_response(200, slice_view(found, view))


def order(request: Request) -> Response:
    orders = bootstrap.read_orders()
    found = orders.order(request.caller, request.path["id"])
    contract = orders.contract(found)
    if "operator" not in request.caller.roles:
        return json_response(200, order_in_detail_view(found, contract, for_operator=False))
    issued = bootstrap.read_issued_form().values(request.caller, found)
    openings = bootstrap.open_order().openings(found)
    return json_response(
        200, order_in_detail_view(found, contract, for_operator=True, issued=issued, openings=openings)
    )


def invoices(request: Request) -> Response:
    read = bootstrap.read_invoices()
    asked = request.query.get
    found = read.list_invoices(request.caller, asked("state"), request.cursor, asked("school"))
    return json_response(200, slice_view(found, lambda invoice: invoice_view(invoice, read.today)))


def invoice(request: Request) -> Response:
    number = request.path["number"]
    return file_response(
        bootstrap.read_invoices().document(request.caller, number), "application/pdf", f"facture-{number}.pdf"
    )


def history(request: Request, query: HistoryQuery) -> Response:
    found = bootstrap.read_send_requests().history(request.caller, query.search(), request.cursor)
    return json_response(200, slice_view(found, message_view))


def message(request: Request) -> Response:
    return json_response(200, message_life_view(bootstrap.read_message().show(request.caller, request.path["id"])))


def managers(request: Request) -> Response:
    return json_response(200, managers_view(bootstrap.read_accounts().managers(request.caller)))


def list_blocked(request: Request) -> Response:
    return json_response(200, blocked_senders_view(bootstrap.block_senders().list(request.caller)))


def block(request: Request) -> Response:
    blocked = bootstrap.block_senders().block(request.caller, request.path["sub"])
    return json_response(200, blocked_senders_view(blocked))


def unblock(request: Request) -> Response:
    bootstrap.block_senders().unblock(request.caller, request.path["sub"])
    return no_content()


def history_csv(request: Request, query: HistoryQuery) -> Response:
    found = bootstrap.export_history().download(request.caller, query.search())
    if isinstance(found, bytes):
        return file_response(found, "text/csv; charset=utf-8", "historique-sms.csv")
    begun = json_response(202, export_view(found))
    begun["headers"]["location"] = f"/v1/exports/{found.id}"
    return begun


def export(request: Request) -> Response:
    return json_response(200, export_view(*bootstrap.export_history().show(request.caller, request.path["id"])))


def send_request(request: Request) -> Response:
    found, counts = bootstrap.read_send_requests().show(request.caller, request.path["id"])
    return json_response(200, send_request_view(found, counts, manages=request.caller.manages))


def purges(request: Request) -> Response:
    certificates, running = bootstrap.read_purges().certificates(request.caller, request.cursor)
    return json_response(200, purges_view(certificates, running))


def get_destinations(request: Request) -> Response:
    return json_response(200, destinations_view(bootstrap.authorise_destinations().show(request.caller)))


def accept_destinations(request: Request, body: AcceptanceBody | None) -> Response:
    version = body.version if body else None
    return json_response(200, destinations_view(bootstrap.authorise_destinations().accept(request.caller, version)))


def list_templates(request: Request) -> Response:
    return json_response(
        200, slice_view(bootstrap.keep_templates().list(request.caller, request.cursor), template_view)
    )


def get_template(request: Request) -> Response:
    return json_response(200, template_view(bootstrap.keep_templates().show(request.caller, request.path["name"])))


def put_template(request: Request, body: TemplateBody) -> Response:
    template, is_new = bootstrap.keep_templates().put(
        request.caller, request.path["name"], body.text, confirm_placeholders=body.confirm_placeholders
    )
    return json_response(201 if is_new else 200, template_view(template))


def delete_template(request: Request) -> Response:
    bootstrap.keep_templates().delete(request.caller, request.path["name"])
    return no_content()


def put_consent(request: Request, body: ConsentBody) -> Response:
    record, is_new = bootstrap.keep_consents().put(request.caller, request.path["phone"], body.collected())
    return json_response(201 if is_new else 200, consent_view(record))


def withdraw_consent(request: Request) -> Response:
    bootstrap.keep_consents().withdraw(request.caller, request.path["phone"])
    return no_content()


def list_consents(request: Request) -> Response:
    return json_response(200, slice_view(bootstrap.keep_consents().list(request.caller, request.cursor), consent_view))


def consents_csv(request: Request) -> Response:
    found = bootstrap.export_consents().download(request.caller)
    return document_response(found)


def replies(request: Request) -> Response:
    return json_response(200, slice_view(bootstrap.read_replies().list(request.caller, request.cursor), reply_view))


def open_recipient_list(request: Request) -> Response:
    return json_response(201, upload_view(bootstrap.open_recipient_list().open(request.caller)))


LIST, PDF = ("cursor",), File(("application/pdf",))
STATE_OF_ORDERS = (
    "Those in `state`; for the operator `review` unless it is named. `rejected` also lists the mails that were dropped "
    "without an answer as certainly no order: they have neither `school` nor `decision`, and `/v1/orders/{id}/mail` "
    "opens them."
)
OF_SCHOOL = "The operator may name a `school` by its UAI."
UPLOAD = (
    "Within 15 minutes `POST` a form (multipart/form-data) to `url` that has `fields` and, as its last field, `file`: "
    "a CSV of at most 20 MB and 30,000 rows. A larger one is refused there. Then name its `id`."
)

# A list says 404 where the caller's school is not registered.
ROUTES = (
    Route("GET", "/healthz", ANYBODY, health, "Whether the service is up, and under maintenance", {200: health_view}),
    Route("GET", "/v1/openapi.json", ANYBODY, openapi, "This description", {200: File(("application/json",))}),
    Route(
        "GET", "/v1/me", ROLES, profile, "Who the token names, and whether they may send", {200: profile_view}, (404,)
    ),
    Route("GET", "/v1/balance", MANAGER, balance, "The stock", {200: balance_view}, (404,)),
    Route(
        "GET", "/v1/ledger", MANAGER, ledger, "Every entry that explains the stock", {200: PageOf(entry_view)}, (404,),
        query=LIST,
    ),
    Route(
        "GET", "/v1/orders", MANAGER_OR_OPERATOR, orders, "Orders", {200: PageOf(order_view)}, (404,),
        query=("state", "school", "cursor"), about=f"{STATE_OF_ORDERS} {OF_SCHOOL}",
    ),
    Route("GET", "/v1/orders/{id}", MANAGER_OR_OPERATOR, order, "An order", {200: order_in_detail_view}),
    Route(
        "GET", "/v1/invoices", MANAGER_OR_OPERATOR, invoices, "Invoices", {200: PageOf(invoice_view)}, (404,),
        query=("state", "school", "cursor"), about=OF_SCHOOL,
    ),
    Route("GET", "/v1/invoices/{number}", MANAGER_OR_OPERATOR, invoice, "An invoice (Factur-X)", {200: PDF}),
    Route(
        "GET", "/v1/history", MANAGER, history, "Messages of the school year", {200: PageOf(message_view)}, (404,),
        search=HistoryQuery, query=LIST,
    ),
    Route(
        "GET", "/v1/history.csv", MANAGER, history_csv, "The same as a file",
        {200: File(("text/csv",)), 202: export_view}, (404, 422), search=HistoryQuery,
        about="Takes what the list takes, but no cursor. 202 when it is too long to be answered at once.",
    ),
    Route(
        "GET", "/v1/messages/{id}", MANAGER, message, "The life of a message of the school year",
        {200: message_life_view}, about="Accepted, handed over by which provider, receipt, final status.",
    ),
    Route("GET", "/v1/blocked-senders", MANAGER, list_blocked, "Users whom a manager stopped",
          {200: blocked_senders_view}, (404,)),
    Route(
        "PUT", "/v1/blocked-senders/{sub+}", MANAGER, block, "Stop one user of the school",
        {200: blocked_senders_view}, (409, 422),
        about="By the `author_id` of what they sent; what their requests have not handed over stops.",
    ),
    Route("DELETE", "/v1/blocked-senders/{sub+}", MANAGER, unblock, "Let the user send again", {204: None}),
    Route("GET", "/v1/managers", SENDER_OR_MANAGER, managers, "The school's managers, whom a sender asks",
          {200: managers_view}, (404,)),
    Route(
        "GET", "/v1/exports/{id}", MANAGER, export, "A file in the making", {200: export_view},
        about="Kept for a day. Once it is ready `url` serves for five minutes; ask again for another.",
    ),
    Route(
        "GET", "/v1/purges", MANAGER_OR_OPERATOR, purges, "Certificates of purges", {200: purges_view}, (404,),
        query=LIST,
    ),
    Route(
        "GET", "/v1/templates", SENDER_OR_MANAGER, list_templates, "Texts by name", {200: PageOf(template_view)},
        (404,), query=LIST,
    ),
    Route("GET", "/v1/templates/{name}", SENDER_OR_MANAGER, get_template, "A text", {200: template_view}),
    Route(
        "PUT", "/v1/templates/{name}", MANAGER, put_template, "Keep a text by name",
        {200: template_view, 201: template_view}, body=TemplateBody,
        about="A half-written variable, such as `{{prenom}}`, is `suspicious-placeholder` unless confirmed.",
    ),
    Route("DELETE", "/v1/templates/{name}", MANAGER, delete_template, "Delete it", {204: None}),
    Route(
        "GET", "/v1/consents", MANAGER, list_consents, "Consents and withdrawals", {200: PageOf(consent_view)}, (404,),
        query=LIST,
    ),
    Route(
        "GET", "/v1/consents.csv", MANAGER, consents_csv, "All proofs of consent and withdrawals as one file",
        {200: File(("text/csv",)), 303: None}, (404,),
        about="Above 3 MB 303: download it within five minutes from `Location`, without the token.",
    ),
    Route(
        "PUT", "/v1/consents/{phone}", MANAGER, put_consent, "Record a consent with its proof",
        {200: consent_view, 201: consent_view}, (409,), body=ConsentBody,
    ),
    Route(
        "DELETE", "/v1/consents/{phone}", MANAGER, withdraw_consent, "Record its withdrawal", {204: None}, (409, 422)
    ),
    Route(
        "GET", "/v1/replies", MANAGER, replies, "What recipients answered in the school year, STOP excepted",
        {200: PageOf(reply_view)}, (404,), query=LIST,
    ),
    Route(
        "GET", "/v1/send-requests/{id}", SENDER_OR_MANAGER, send_request, "A request and its messages by status",
        {200: send_request_view},
    ),
    Route(
        "POST", "/v1/recipient-lists", SENDER_OR_MANAGER, open_recipient_list, "Open an uploaded list of recipients",
        {201: upload_view}, (404,), about=UPLOAD,
    ),
    Route("GET", "/v1/destinations", MANAGER, get_destinations, "Where the school may send", {200: destinations_view},
          (404,)),
    Route(
        "POST", "/v1/destinations/acceptance", MANAGER, accept_destinations,
        "Accept the destinations and multipliers", {200: destinations_view}, (404, 409), body=AcceptanceBody,
        body_optional=True,
    ),
)  # fmt: skip

bootstrap.prepare_snapshot(
    bootstrap.authorise_destinations,
    bootstrap.block_senders,
    bootstrap.export_consents,
    bootstrap.export_history,
    bootstrap.keep_consents,
    bootstrap.keep_templates,
    bootstrap.maintenance,
    bootstrap.open_order,
    bootstrap.open_recipient_list,
    bootstrap.read_accounts,
    bootstrap.read_invoices,
    bootstrap.read_issued_form,
    bootstrap.read_message,
    bootstrap.read_orders,
    bootstrap.read_purges,
    bootstrap.read_replies,
    bootstrap.read_send_requests,
)


def handler(event: dict[str, Any], context: object) -> Response:
    return serve(event, ROUTES, bootstrap.integration_granted)
