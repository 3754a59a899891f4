"""HTTP for the operator: schools, orders to decide, payments, closure days, prices, trusted signers."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.api.bodies.acts import AnswerBody, DestinationsBody, FormalNoticeBody, ReasonBody
from schoolsms.api.bodies.operator import (
    AcceptBody,
    ClosuresBody,
    DecisionBody,
    PaymentBody,
    PriceListBody,
    ReceptionBody,
    RejectBody,
    SchoolBody,
    TrustedSignersBody,
)
from schoolsms.api.http import Request, Response, document_response, json_response, serve
from schoolsms.api.routes import ANYBODY, MANAGER_OR_OPERATOR, OPERATOR, File, PageOf, Route
from schoolsms.api.views.orders import (
    closures_view,
    invoice_view,
    openings_view,
    order_view,
    price_list_view,
    question_view,
    signers_view,
)
from schoolsms.api.views.overview import overview_view
from schoolsms.api.views.schools.school_acts import act_view, reading_view
from schoolsms.api.views.schools.schools import school_view, school_with_acts_view
from schoolsms.api.views.values import slice_view
from schoolsms.domain.schools.school_search import SchoolSearch
from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.uai import checked_uai


def put_school(request: Request, body: SchoolBody) -> Response:
    uai = _uai(request)
    register = bootstrap.register_school().register
    school, is_new = register(request.caller, body.school(uai), confirm_past_end=body.confirm_past_end)
    return _shown(request, school, 201 if is_new else 200)


def get_school(request: Request) -> Response:
    return _shown(request, bootstrap.register_school().show(request.caller, _uai(request)))


def list_schools(request: Request) -> Response:
    search = SchoolSearch.of(request.query.get("q"), request.query.get("state"))
    found = bootstrap.register_school().list(request.caller, search, request.cursor)
    return json_response(200, slice_view(found, school_view))


def list_acts(request: Request) -> Response:
    found = bootstrap.read_acts().decisions(request.caller, _uai(request), request.cursor)
    return json_response(200, slice_view(found, act_view))


def list_readings(request: Request) -> Response:
    found = bootstrap.read_acts().looks(request.caller, _uai(request), request.cursor)
    return json_response(200, slice_view(found, reading_view))


def post_suspension(request: Request, body: ReasonBody) -> Response:
    return _shown(request, bootstrap.suspend_school().suspend(request.caller, _uai(request), body.reason))


def delete_suspension(request: Request, body: ReasonBody | None) -> Response:
    reason = body.reason if body else ""
    return _shown(request, bootstrap.suspend_school().end_suspension(request.caller, _uai(request), reason))


def post_termination(request: Request, body: ReasonBody) -> Response:
    return _shown(request, bootstrap.suspend_school().terminate(request.caller, _uai(request), body.reason))


def post_formal_notice(request: Request, body: FormalNoticeBody) -> Response:
    give = bootstrap.give_formal_notice().give
    return _shown(request, give(request.caller, _uai(request), body.facts, body.deadline))


def post_formal_notice_answer(request: Request, body: AnswerBody) -> Response:
    record_answer = bootstrap.give_formal_notice().record_answer
    return _shown(request, record_answer(request.caller, _uai(request), body.answer))


def delete_formal_notice(request: Request, body: ReasonBody) -> Response:
    return _shown(request, bootstrap.give_formal_notice().lift(request.caller, _uai(request), body.reason))


def put_destinations(request: Request, body: DestinationsBody) -> Response:
    authorise = bootstrap.authorise_destinations().authorise
    tariff = body.tariff.tariff() if body.tariff else None
    return _shown(request, authorise(request.caller, _uai(request), body.sending_country, body.multipliers(), tariff))


def put_integration(request: Request) -> Response:
    uai, client_id = _uai(request), request.path["client_id"]
    return _shown(request, bootstrap.grant_integrations().grant(request.caller, uai, client_id))


def delete_integration(request: Request) -> Response:
    uai, client_id = _uai(request), request.path["client_id"]
    return _shown(request, bootstrap.grant_integrations().revoke(request.caller, uai, client_id))


def delete_blocked_sender(request: Request, body: ReasonBody) -> Response:
    free = bootstrap.block_senders().unblock_as_operator
    return _shown(request, free(request.caller, _uai(request), request.path["sub"], body.reason))


def _shown(request: Request, school: School, status: int = 200) -> Response:
    acts = bootstrap.register_school().acts_about(request.caller, school.uai)
    return json_response(status, school_with_acts_view(school, acts))


def get_overview(request: Request) -> Response:
    return json_response(200, overview_view(bootstrap.read_overview().show(request.caller)))


def get_closures(request: Request) -> Response:
    return json_response(200, closures_view(bootstrap.operator_settings().closure_days()))


def put_closures(request: Request, body: ClosuresBody) -> Response:
    days = bootstrap.operator_settings().publish_closures(request.caller, body.root)
    return json_response(200, closures_view(days))


def get_price_list(request: Request) -> Response:
    return json_response(200, price_list_view(bootstrap.operator_settings().packs(request.caller)))


def put_price_list(request: Request, body: PriceListBody) -> Response:
    packs = [each.pack() for each in body.root]
    published = bootstrap.operator_settings().publish_prices(request.caller, packs)
    return json_response(200, price_list_view(published))


def get_trusted_signers(request: Request) -> Response:
    return json_response(200, signers_view(bootstrap.operator_settings().trusted_signers(request.caller)))


def put_trusted_signers(request: Request, body: TrustedSignersBody) -> Response:
    published = bootstrap.operator_settings().publish_trusted_signers(request.caller, body.root)
    return json_response(200, signers_view(published))


def get_form(request: Request) -> Response:
    return document_response(bootstrap.read_order_documents().form(request.caller, request.path["id"]))


def get_alteration(request: Request) -> Response:
    read = bootstrap.read_order_documents()
    return document_response(read.picture(request.caller, request.path["id"], request.path["n"]))


def get_mail(request: Request) -> Response:
    return document_response(bootstrap.read_order_documents().mail(request.caller, request.path["id"]))


def get_question(request: Request) -> Response:
    return json_response(
        200, question_view(bootstrap.read_order_documents().question(request.caller, request.path["id"]))
    )


def post_opening(request: Request) -> Response:
    return json_response(200, openings_view(bootstrap.open_order().open(request.caller, request.path["id"])))


def post_decision(request: Request, body: DecisionBody) -> Response:
    decision, decide, order_id = body.root, bootstrap.decide_order(), request.path["id"]
    if isinstance(decision, AcceptBody):
        accepted = decide.accept(request.caller, order_id, decision.packs, decision.references())
        return json_response(200, order_view(accepted))
    if isinstance(decision, RejectBody):
        return json_response(200, order_view(decide.reject(request.caller, order_id, decision.reason)))
    return json_response(200, order_view(decide.answer(request.caller, order_id)))


def post_payment(request: Request, body: PaymentBody) -> Response:
    record = bootstrap.record_payments()
    paid = record.pay(request.caller, request.path["number"], body.payment())
    return json_response(200, invoice_view(paid, record.today))


def post_reception(request: Request, body: ReceptionBody) -> Response:
    record = bootstrap.record_payments()
    received = record.receive(request.caller, request.path["number"], body.reception())
    return json_response(200, invoice_view(received, record.today))


def _uai(request: Request) -> str:
    return checked_uai(request.path["uai"])


SCHOOL = {200: school_with_acts_view}
SEARCH = (
    "By UAI. `q`: words of the name, the town or the UAI, without case and accents. A page may be empty and lead on."
)
LARGE = "Above 4 MB 303: download it within five minutes from `Location`, without the token."

ROUTES = (
    Route(
        "GET", "/v1/overview", OPERATOR, get_overview, "What waits", {200: overview_view},
        about="Each figure counts at most 250; `more` says that more wait.",
    ),
    Route(
        "PUT", "/v1/schools/{uai}", OPERATOR, put_school, "Register a school, or change it",
        {200: school_with_acts_view, 201: school_with_acts_view}, body=SchoolBody,
    ),
    Route(
        "GET", "/v1/schools/{uai}", OPERATOR, get_school, "A school, and what was decided about it", SCHOOL, (422,)
    ),
    Route(
        "GET", "/v1/schools", OPERATOR, list_schools, "Schools", {200: PageOf(school_view)}, (404,),
        query=("q", "state", "cursor"), about=SEARCH,
    ),
    Route(
        "GET", "/v1/schools/{uai}/acts", OPERATOR, list_acts, "What was decided about a school",
        {200: PageOf(act_view)}, query=("cursor",), about="Newest first; the latest are also beside the school.",
    ),
    Route(
        "GET", "/v1/schools/{uai}/readings", OPERATOR, list_readings, "Who of the operator looked at a school",
        {200: PageOf(reading_view)}, query=("cursor",), about="Newest first: at what, and for which reason.",
    ),
    Route(
        "POST", "/v1/schools/{uai}/suspension", OPERATOR, post_suspension, "Suspend a school at once", SCHOOL, (409,),
        body=ReasonBody, about="Queued messages stop (R27).",
    ),
    Route(
        "DELETE", "/v1/schools/{uai}/suspension", OPERATOR, delete_suspension, "End the suspension", SCHOOL, (409,),
        body=ReasonBody, body_optional=True,
    ),
    Route(
        "POST", "/v1/schools/{uai}/termination", OPERATOR, post_termination, "Terminate a school for ever", SCHOOL,
        (409,), body=ReasonBody,
    ),
    Route(
        "POST", "/v1/schools/{uai}/formal-notice", OPERATOR, post_formal_notice,
        "Give formal notice (« mise en demeure »)", SCHOOL, (409,), body=FormalNoticeBody,
        about="Mailed to every manager; sending goes on (§6).",
    ),
    Route(
        "POST", "/v1/schools/{uai}/formal-notice/answer", OPERATOR, post_formal_notice_answer,
        "Record the school's answer to it", SCHOOL, (409,), body=AnswerBody,
    ),
    Route(
        "DELETE", "/v1/schools/{uai}/formal-notice", OPERATOR, delete_formal_notice, "Lift it, with the reason", SCHOOL,
        (409,), body=ReasonBody, about="Mailed to every manager.",
    ),
    Route(
        "PUT", "/v1/schools/{uai}/destinations", OPERATOR, put_destinations, "Authorise destinations", SCHOOL, (409,),
        body=DestinationsBody, about="In force once a manager accepted.",
    ),
    Route(
        "PUT", "/v1/schools/{uai}/integrations/{client_id+}", OPERATOR, put_integration,
        "Let a machine client act for a school", SCHOOL, (409, 422),
    ),
    Route(
        "DELETE", "/v1/schools/{uai}/integrations/{client_id+}", OPERATOR, delete_integration, "Let it act no more",
        SCHOOL, (409, 422),
    ),
    Route(
        "DELETE", "/v1/schools/{uai}/blocked-senders/{sub+}", OPERATOR, delete_blocked_sender,
        "Let a user send again whom a manager stopped", SCHOOL, body=ReasonBody,
        about="For a school where no manager can: nobody lifts the block of their own `sub`.",
    ),
    Route(
        "GET", "/v1/orders/{id}/form", OPERATOR, get_form, "The form as received",
        {200: File(("application/pdf", "image/png", "image/jpeg", "application/octet-stream")), 303: None},
        about=f"PDF or picture. {LARGE}",
    ),
    Route(
        "GET", "/v1/orders/{id}/alterations/{n}", OPERATOR, get_alteration,
        "Where the form differs from the issued one", {200: File(("image/png",)), 303: None}, about=LARGE,
    ),
    Route(
        "GET", "/v1/orders/{id}/mail", OPERATOR, get_mail,
        "The message that brought the order, raw, with its attachments",
        {200: File(("message/rfc822",)), 303: None}, about=f"Kept for a year. {LARGE}",
    ),
    Route(
        "GET", "/v1/orders/{id}/question", OPERATOR, get_question,
        "What a mail asks that is no order", {200: question_view}, about="Kept for a year.",
    ),
    Route(
        "POST", "/v1/orders/{id}/opening", OPERATOR, post_opening, "Say that one has an order before one, to decide it",
        {200: openings_view}, about="It locks nothing: the first decision counts.",
    ),
    Route(
        "POST", "/v1/orders/{id}/decision", OPERATOR, post_decision,
        "Decide an order in review, or mark a question as answered", {200: order_view}, (409,), body=DecisionBody,
    ),
    Route(
        "POST", "/v1/invoices/{number}/payment", OPERATOR, post_payment, "Record a payment", {200: invoice_view},
        (409,), body=PaymentBody, about="Without an amount, of all that is left to pay; a reference counts once.",
    ),
    Route(
        "POST", "/v1/invoices/{number}/reception", OPERATOR, post_reception,
        "Record the day the school received an invoice", {200: invoice_view}, (409,), body=ReceptionBody,
        about="The invoice is due 30 days after it.",
    ),
    Route("GET", "/v1/closures", ANYBODY, get_closures, "The operator's closure days", {200: closures_view}),
    Route(
        "PUT", "/v1/closures", OPERATOR, put_closures, "Publish closure days", {200: closures_view}, body=ClosuresBody,
    ),
    Route("GET", "/v1/price-list", MANAGER_OR_OPERATOR, get_price_list, "Packs and prices", {200: price_list_view}),
    Route(
        "PUT", "/v1/price-list", OPERATOR, put_price_list, "Publish packs and prices", {200: price_list_view},
        body=PriceListBody,
    ),
    Route(
        "GET", "/v1/trusted-signers", OPERATOR, get_trusted_signers, "Whose digital signatures are believed",
        {200: signers_view},
    ),
    Route(
        "PUT", "/v1/trusted-signers", OPERATOR, put_trusted_signers, "Publish whose are", {200: signers_view},
        body=TrustedSignersBody,
    ),
)  # fmt: skip

bootstrap.prepare_snapshot(
    bootstrap.authorise_destinations,
    bootstrap.block_senders,
    bootstrap.decide_order,
    bootstrap.give_formal_notice,
    bootstrap.grant_integrations,
    bootstrap.open_order,
    bootstrap.operator_settings,
    bootstrap.read_acts,
    bootstrap.read_order_documents,
    bootstrap.read_overview,
    bootstrap.record_payments,
    bootstrap.register_school,
    bootstrap.suspend_school,
)


def handler(event: dict[str, Any], context: object) -> Response:
    return serve(event, ROUTES, bootstrap.integration_granted)
