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
    SchoolBody,
    TrustedSignersBody,
)
from schoolsms.api.http import Request, Response, file_response, json_response, see_other, serve
from schoolsms.api.views.orders import closures_view, invoice_view, order_view, price_list_view, signers_view
from schoolsms.api.views.schools import school_view, school_with_acts_view
from schoolsms.api.views.values import slice_view
from schoolsms.domain.errors import RefusedError
from schoolsms.domain.orders.documents import Document
from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.uai import normalise_uai


def put_school(request: Request) -> Response:
    request.caller.require("operator")
    body, uai = request.read(SchoolBody), _uai(request)
    register = bootstrap.register_school().register
    school, is_new = register(request.caller, body.school(uai), confirm_past_end=body.confirm_past_end)
    return _shown(request, school, 201 if is_new else 200)


def get_school(request: Request) -> Response:
    return _shown(request, bootstrap.register_school().show(request.caller, _uai(request)))


def list_schools(request: Request) -> Response:
    return json_response(200, slice_view(bootstrap.register_school().list(request.caller, request.cursor), school_view))


def post_suspension(request: Request) -> Response:
    request.caller.require("operator")
    reason = request.read(ReasonBody).reason
    return _shown(request, bootstrap.suspend_school().suspend(request.caller, _uai(request), reason))


def delete_suspension(request: Request) -> Response:
    request.caller.require("operator")
    reason = request.read(ReasonBody).reason if request.body else ""
    return _shown(request, bootstrap.suspend_school().end_suspension(request.caller, _uai(request), reason))


def post_termination(request: Request) -> Response:
    request.caller.require("operator")
    reason = request.read(ReasonBody).reason
    return _shown(request, bootstrap.suspend_school().terminate(request.caller, _uai(request), reason))


def post_formal_notice(request: Request) -> Response:
    request.caller.require("operator")
    body = request.read(FormalNoticeBody)
    give = bootstrap.give_formal_notice().give
    return _shown(request, give(request.caller, _uai(request), body.facts, body.deadline))


def post_formal_notice_answer(request: Request) -> Response:
    request.caller.require("operator")
    answer = request.read(AnswerBody).answer
    return _shown(request, bootstrap.give_formal_notice().record_answer(request.caller, _uai(request), answer))


def delete_formal_notice(request: Request) -> Response:
    request.caller.require("operator")
    reason = request.read(ReasonBody).reason
    return _shown(request, bootstrap.give_formal_notice().lift(request.caller, _uai(request), reason))


def put_destinations(request: Request) -> Response:
    request.caller.require("operator")
    body, uai = request.read(DestinationsBody), _uai(request)
    authorise = bootstrap.authorise_destinations().authorise
    return _shown(request, authorise(request.caller, uai, body.sending_country, body.multipliers()))


def put_integration(request: Request) -> Response:
    uai, client_id = _uai(request), request.path["client_id"]
    return _shown(request, bootstrap.grant_integrations().grant(request.caller, uai, client_id))


def delete_integration(request: Request) -> Response:
    uai, client_id = _uai(request), request.path["client_id"]
    return _shown(request, bootstrap.grant_integrations().revoke(request.caller, uai, client_id))


def _shown(request: Request, school: School, status: int = 200) -> Response:
    acts = bootstrap.register_school().acts_about(request.caller, school.uai)
    return json_response(status, school_with_acts_view(school, acts))


def get_closures(request: Request) -> Response:
    days = bootstrap.operator_settings().closure_days(request.caller)
    return json_response(200, closures_view(days))


def put_closures(request: Request) -> Response:
    request.caller.require("operator")
    days = bootstrap.operator_settings().publish_closures(request.caller, request.read(ClosuresBody).root)
    return json_response(200, closures_view(days))


def get_price_list(request: Request) -> Response:
    return json_response(200, price_list_view(bootstrap.operator_settings().packs(request.caller)))


def put_price_list(request: Request) -> Response:
    request.caller.require("operator")
    packs = [each.pack() for each in request.read(PriceListBody).root]
    published = bootstrap.operator_settings().publish_prices(request.caller, packs)
    return json_response(200, price_list_view(published))


def get_trusted_signers(request: Request) -> Response:
    return json_response(200, signers_view(bootstrap.operator_settings().trusted_signers(request.caller)))


def put_trusted_signers(request: Request) -> Response:
    request.caller.require("operator")
    certificates = request.read(TrustedSignersBody).root
    published = bootstrap.operator_settings().publish_trusted_signers(request.caller, certificates)
    return json_response(200, signers_view(published))


def get_form(request: Request) -> Response:
    return _document(bootstrap.read_order_documents().form(request.caller, request.path["id"]))


def get_alteration(request: Request) -> Response:
    read = bootstrap.read_order_documents()
    return _document(read.picture(request.caller, request.path["id"], request.path["n"]))


def get_mail(request: Request) -> Response:
    return _document(bootstrap.read_order_documents().mail(request.caller, request.path["id"]))


def _document(found: Document) -> Response:
    return see_other(found.url) if found.url else file_response(found.content, found.content_type, found.filename)


def post_decision(request: Request) -> Response:
    request.caller.require("operator")
    decision = request.read(DecisionBody).root
    decide, order_id = bootstrap.decide_order(), request.path["id"]
    if isinstance(decision, AcceptBody):
        accepted = decide.accept(request.caller, order_id, decision.packs, decision.references())
        return json_response(200, order_view(accepted))
    return json_response(200, order_view(decide.reject(request.caller, order_id, decision.reason)))


def post_payment(request: Request) -> Response:
    request.caller.require("operator")
    payment = request.read(PaymentBody)
    invoices = bootstrap.read_invoices()
    paid = invoices.record_payment(request.caller, request.path["number"], payment.payment())
    return json_response(200, invoice_view(paid, invoices.today))


def _uai(request: Request) -> str:
    uai = normalise_uai(request.path["uai"])
    if uai is None:
        raise RefusedError("Ce code UAI est incorrect : 7 chiffres, puis une lettre qui les vérifie.", "invalid-uai")
    return uai


ROUTES = {
    "PUT /v1/schools/{uai}": put_school,
    "GET /v1/schools/{uai}": get_school,
    "GET /v1/schools": list_schools,
    "POST /v1/schools/{uai}/suspension": post_suspension,
    "DELETE /v1/schools/{uai}/suspension": delete_suspension,
    "POST /v1/schools/{uai}/termination": post_termination,
    "POST /v1/schools/{uai}/formal-notice": post_formal_notice,
    "POST /v1/schools/{uai}/formal-notice/answer": post_formal_notice_answer,
    "DELETE /v1/schools/{uai}/formal-notice": delete_formal_notice,
    "PUT /v1/schools/{uai}/destinations": put_destinations,
    "PUT /v1/schools/{uai}/integrations/{client_id}": put_integration,
    "DELETE /v1/schools/{uai}/integrations/{client_id}": delete_integration,
    "GET /v1/orders/{id}/form": get_form,
    "GET /v1/orders/{id}/alterations/{n}": get_alteration,
    "GET /v1/orders/{id}/mail": get_mail,
    "POST /v1/orders/{id}/decision": post_decision,
    "POST /v1/invoices/{number}/payment": post_payment,
    "GET /v1/closures": get_closures,
    "PUT /v1/closures": put_closures,
    "GET /v1/price-list": get_price_list,
    "PUT /v1/price-list": put_price_list,
    "GET /v1/trusted-signers": get_trusted_signers,
    "PUT /v1/trusted-signers": put_trusted_signers,
}


def handler(event: dict[str, Any], context: object) -> Response:  # noqa: ARG001 - Lambda's signature
    return serve(event, ROUTES)
