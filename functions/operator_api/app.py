"""HTTP for the operator: schools, orders to decide, payments, closure days, prices, trusted signers."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.contracts import (
    AcceptBody,
    ClosuresBody,
    DecisionBody,
    PaymentBody,
    PriceListBody,
    SchoolBody,
    TrustedSignersBody,
)
from schoolsms.domain.errors import RefusedError
from schoolsms.domain.uai import normalise_uai
from schoolsms.http import Request, Response, answer, document, serve
from schoolsms.views import invoice_view, order_view, pack_view, school_view, slice_view


def put_school(request: Request) -> Response:
    request.caller.require("operator")
    school = request.read(SchoolBody).school(_uai(request))
    school, is_new = bootstrap.register_school().register(request.caller, school)
    return answer(201 if is_new else 200, school_view(school))


def get_school(request: Request) -> Response:
    return answer(200, school_view(bootstrap.register_school().show(request.caller, _uai(request))))


def list_schools(request: Request) -> Response:
    return answer(200, slice_view(bootstrap.register_school().list(request.caller, request.cursor), school_view))


def get_closures(request: Request) -> Response:
    days = bootstrap.operator_settings().closure_days(request.caller)
    return answer(200, [day.isoformat() for day in days])


def put_closures(request: Request) -> Response:
    request.caller.require("operator")
    days = bootstrap.operator_settings().publish_closures(request.caller, request.read(ClosuresBody).root)
    return answer(200, [day.isoformat() for day in days])


def get_price_list(request: Request) -> Response:
    return answer(200, [pack_view(pack) for pack in bootstrap.operator_settings().packs(request.caller)])


def put_price_list(request: Request) -> Response:
    request.caller.require("operator")
    packs = [each.pack() for each in request.read(PriceListBody).root]
    published = bootstrap.operator_settings().publish_prices(request.caller, packs)
    return answer(200, [pack_view(pack) for pack in published])


def get_trusted_signers(request: Request) -> Response:
    return answer(200, list(bootstrap.operator_settings().trusted_signers(request.caller)))


def put_trusted_signers(request: Request) -> Response:
    request.caller.require("operator")
    certificates = request.read(TrustedSignersBody).root
    return answer(200, bootstrap.operator_settings().publish_trusted_signers(request.caller, certificates))


def get_form(request: Request) -> Response:
    order_id = request.path["id"]
    received = bootstrap.decide_order().form(request.caller, order_id)
    content_type, extension = _kind(received)
    return document(received, content_type, f"recu-{order_id}.{extension}")


def post_decision(request: Request) -> Response:
    request.caller.require("operator")
    decision = request.read(DecisionBody).root
    decide, order_id = bootstrap.decide_order(), request.path["id"]
    if isinstance(decision, AcceptBody):
        return answer(200, order_view(decide.accept(request.caller, order_id, decision.packs)))
    return answer(200, order_view(decide.reject(request.caller, order_id, decision.reason)))


def post_payment(request: Request) -> Response:
    request.caller.require("operator")
    payment = request.read(PaymentBody)
    invoices = bootstrap.read_invoices()
    paid = invoices.record_payment(request.caller, request.path["number"], payment.paid_on, payment.reference)
    return answer(200, invoice_view(paid, invoices.today))


def _kind(received: bytes) -> tuple[str, str]:
    """The type of a document by its first bytes: what the mail called it may be anything."""
    if b"%PDF-" in received[:1024]:
        return "application/pdf", "pdf"
    if received.startswith(b"\x89PNG"):
        return "image/png", "png"
    if received.startswith(b"\xff\xd8"):
        return "image/jpeg", "jpg"
    return "application/octet-stream", "bin"


def _uai(request: Request) -> str:
    uai = normalise_uai(request.path["uai"])
    if uai is None:
        raise RefusedError("Ce code UAI est incorrect : 7 chiffres, puis une lettre qui les vérifie.", "invalid-uai")
    return uai


ROUTES = {
    "PUT /v1/schools/{uai}": put_school,
    "GET /v1/schools/{uai}": get_school,
    "GET /v1/schools": list_schools,
    "GET /v1/orders/{id}/form": get_form,
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
