"""HTTP: what a school sent and spent."""

from collections.abc import Sequence
from typing import Any

from schoolsms import bootstrap
from schoolsms.api.bodies.history import HistoryQuery
from schoolsms.api.bodies.queries import DayQuery, TraceQuery, UsageQuery
from schoolsms.api.http import Request, Response, json_response, serve
from schoolsms.api.routes import MANAGER, MANAGER_OR_OPERATOR, OPERATOR, SENDER_OR_MANAGER, PageOf, Route
from schoolsms.api.views.consents import consent_view, masked_consent_view
from schoolsms.api.views.history import masked_message_view, message_view
from schoolsms.api.views.orders import invoice_view, order_view
from schoolsms.api.views.schools.balance import balance_view, outlook_view, pack_of_day_view, usage_view
from schoolsms.api.views.schools.schools import entry_view
from schoolsms.api.views.schools.sent_mails import sent_mail_view
from schoolsms.api.views.sending.sending import listed_request_view
from schoolsms.api.views.sending.traces import masked_trace_view, trace_view
from schoolsms.api.views.values import slice_view
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.uai import checked_uai


def send_requests(request: Request) -> Response:
    found = bootstrap.list_send_requests().list(request.caller, request.query.get("state"), request.cursor)
    return json_response(200, slice_view(found, listed_request_view))


def usage(request: Request, query: UsageQuery) -> Response:
    named = request.query.get("school")
    found = bootstrap.read_usage().days(request.caller, query.since, query.until, request.cursor, named)
    return json_response(200, slice_view(found, usage_view))


def pack_in_use(request: Request, query: DayQuery) -> Response:
    found = bootstrap.read_packs().on(request.caller, query.at, request.query.get("school"))
    return json_response(200, pack_of_day_view(found))


def stock_outlook(request: Request) -> Response:
    return json_response(200, outlook_view(bootstrap.read_outlook().show(request.caller)))


# ---------------------------------------------------------------- the operator, looking at a school for a reason


def _opened(request: Request, what: str, searched: Sequence[str] = ()) -> Caller:
    """The operator as a manager of the school, once the look is recorded."""
    reason, uai = request.query.get("reason", ""), checked_uai(request.path["uai"])
    whole = _unmasked(request)
    return bootstrap.view_school().opened(request.caller, uai, what, reason, unmasked=whole, searched=searched)


def _unmasked(request: Request) -> bool:
    return request.query.get("unmask") == "true"


def view_balance(request: Request) -> Response:
    manager = _opened(request, "balance")
    return json_response(200, balance_view(bootstrap.read_accounts().stock(manager)))


def view_ledger(request: Request) -> Response:
    manager = _opened(request, "ledger")
    return json_response(200, slice_view(bootstrap.read_accounts().entries(manager, request.cursor), entry_view))


def view_history(request: Request, query: HistoryQuery) -> Response:
    manager = _opened(request, "history", searched=list(query.model_dump(exclude_none=True, by_alias=True)))
    found = bootstrap.read_send_requests().history(manager, query.search(), request.cursor)
    shown = message_view if _unmasked(request) else masked_message_view
    return json_response(200, slice_view(found, shown))


def view_trace(request: Request, query: TraceQuery) -> Response:
    manager = _opened(request, "trace", searched=list(query.model_dump(exclude_none=True)))
    found = bootstrap.trace_number().trace(manager, query.phone, query.day, request.cursor)
    return json_response(200, trace_view(found) if _unmasked(request) else masked_trace_view(found))


def view_send_requests(request: Request) -> Response:
    manager = _opened(request, "send-requests")
    found = bootstrap.list_send_requests().list(manager, request.query.get("state"), request.cursor)
    return json_response(200, slice_view(found, listed_request_view))


def view_orders(request: Request) -> Response:
    manager = _opened(request, "orders")
    found = bootstrap.read_orders().list_orders(manager, request.query.get("state"), request.cursor)
    return json_response(200, slice_view(found, order_view))


def view_mails(request: Request) -> Response:
    manager = _opened(request, "mails")
    found = bootstrap.read_sent_mails().of_school(manager, request.cursor)
    return json_response(200, slice_view(found.mails, lambda mail: sent_mail_view(mail, found.marks.get(mail.to))))


def view_invoices(request: Request) -> Response:
    manager, read = _opened(request, "invoices"), bootstrap.read_invoices()
    found = read.list_invoices(manager, request.query.get("state"), request.cursor)
    return json_response(200, slice_view(found, lambda invoice: invoice_view(invoice, read.today)))


def view_consents(request: Request) -> Response:
    manager = _opened(request, "consents")
    found = bootstrap.keep_consents().list(manager, request.cursor)
    return json_response(200, slice_view(found, consent_view if _unmasked(request) else masked_consent_view))


REASON = ("reason", "cursor")
RECORDED = "The `reason` is required, and recorded (`GET /v1/schools/{uai}/readings`)."
MASKED = f"{RECORDED} Numbers are masked unless `unmask` is `true`, which is recorded too."
TRACE = (
    f"Whether the number may be written to, the life of each message to it, and the requests that refused it; accepted "
    f"or due on `day`, in the whole school year unless given. {MASKED}"
)
USAGE = (
    "The days with ledger entries, oldest first: at most 400 days a call, the last 30 unless `from` and `to` say "
    "otherwise, each with the balance that it left. The operator names a `school`."
)
PACK = (
    "First in, first out: the pack whose price caps liability for damage on the day `at`, today unless given. The "
    "operator names a `school`."
)
REQUESTS = (
    "Newest first, of the current school year and scheduled into the next. A page may be empty and lead on. "
    "`totals` of requests sent before they were kept may be null until one is read by itself."
)

ROUTES = (
    Route(
        "GET", "/v1/send-requests", SENDER_OR_MANAGER, send_requests,
        "A sender's own requests, or all those of a manager's school", {200: PageOf(listed_request_view)}, (404,),
        query=("state", "cursor"), about=REQUESTS,
    ),
    Route(
        "GET", "/v1/usage", MANAGER_OR_OPERATOR, usage, "What the stock did each day, by kind",
        {200: PageOf(usage_view)}, (404,), search=UsageQuery, query=("school", "cursor"), about=USAGE,
    ),
    Route(
        "GET", "/v1/pack-in-use", MANAGER_OR_OPERATOR, pack_in_use, "The pack that was in use as a day ended",
        {200: pack_of_day_view}, (404,), search=DayQuery, query=("school",), about=PACK,
    ),
    Route(
        "GET", "/v1/stock-outlook", MANAGER, stock_outlook, "How long the stock lasts at the pace of the last weeks",
        {200: outlook_view}, (404,),
    ),
    Route(
        "GET", "/v1/schools/{uai}/balance", OPERATOR, view_balance, "A school's stock", {200: balance_view},
        query=("reason",), about=RECORDED,
    ),
    Route(
        "GET", "/v1/schools/{uai}/ledger", OPERATOR, view_ledger, "A school's ledger", {200: PageOf(entry_view)},
        query=REASON, about=RECORDED,
    ),
    Route(
        "GET", "/v1/schools/{uai}/history", OPERATOR, view_history, "A school's messages of the school year",
        {200: PageOf(message_view)}, search=HistoryQuery, query=(*REASON, "unmask"), about=MASKED,
    ),
    Route(
        "GET", "/v1/schools/{uai}/trace", OPERATOR, view_trace, "What became of the SMS to a number on a day",
        {200: trace_view}, search=TraceQuery, query=(*REASON, "unmask"), about=TRACE,
    ),
    Route(
        "GET", "/v1/schools/{uai}/send-requests", OPERATOR, view_send_requests, "A school's send requests",
        {200: PageOf(listed_request_view)}, query=(*REASON, "state"), about=RECORDED,
    ),
    Route(
        "GET", "/v1/schools/{uai}/orders", OPERATOR, view_orders, "A school's orders", {200: PageOf(order_view)},
        query=(*REASON, "state"), about=RECORDED,
    ),
    Route(
        "GET", "/v1/schools/{uai}/invoices", OPERATOR, view_invoices, "A school's invoices",
        {200: PageOf(invoice_view)}, query=(*REASON, "state"), about=RECORDED,
    ),
    Route(
        "GET", "/v1/schools/{uai}/mails", OPERATOR, view_mails, "Mails that went to a school, and what became of them",
        {200: PageOf(sent_mail_view)}, query=REASON, about=f"Newest first, without their text. {RECORDED}",
    ),
    Route(
        "GET", "/v1/schools/{uai}/consents", OPERATOR, view_consents, "A school's consents and withdrawals",
        {200: PageOf(consent_view)}, query=(*REASON, "unmask"), about=MASKED,
    ),
)  # fmt: skip

bootstrap.prepare_snapshot(
    bootstrap.keep_consents,
    bootstrap.list_send_requests,
    bootstrap.read_accounts,
    bootstrap.read_invoices,
    bootstrap.read_orders,
    bootstrap.read_outlook,
    bootstrap.read_packs,
    bootstrap.read_send_requests,
    bootstrap.read_sent_mails,
    bootstrap.read_usage,
    bootstrap.trace_number,
    bootstrap.view_school,
)


def handler(event: dict[str, Any], context: object) -> Response:
    return serve(event, ROUTES, bootstrap.integration_granted)
