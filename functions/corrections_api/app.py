"""HTTP for the operator: mend a mistake in a school's stock, by two people, or in an invoice; mail an invoice again."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.api.bodies.corrections import (
    ConfirmBody,
    CorrectionBody,
    CorrectionDecisionBody,
    CreditNoteBody,
    MailAgainBody,
)
from schoolsms.api.http import Request, Response, json_response, serve
from schoolsms.api.routes import OPERATOR, PageOf, Route
from schoolsms.api.views.orders import cancelled_invoice_view, mailed_again_view, reissued_invoice_view
from schoolsms.api.views.schools.corrections import correction_view
from schoolsms.api.views.values import slice_view
from schoolsms.domain.schools.uai import checked_uai


def post_correction(request: Request, body: CorrectionBody) -> Response:
    propose = bootstrap.correct_stock().propose
    correction, is_new = propose(request.caller, _uai(request), body.proposal())
    return json_response(201 if is_new else 200, correction_view(correction))


def list_corrections(request: Request) -> Response:
    found = bootstrap.correct_stock().of_school(request.caller, _uai(request), request.cursor)
    return json_response(200, slice_view(found, correction_view))


def list_waiting(request: Request) -> Response:
    found = bootstrap.correct_stock().waiting(request.caller, request.cursor)
    return json_response(200, slice_view(found, correction_view))


def put_decision(request: Request, body: CorrectionDecisionBody) -> Response:
    decision, decide = body.root, bootstrap.correct_stock().decide
    confirm = isinstance(decision, ConfirmBody)
    reason = "" if isinstance(decision, ConfirmBody) else decision.reason
    decided = decide(request.caller, _uai(request), request.path["id"], confirm=confirm, reason=reason)
    return json_response(200, correction_view(decided))


def post_credit_note(request: Request, body: CreditNoteBody) -> Response:
    cancelled = bootstrap.cancel_invoice().cancel(request.caller, request.path["number"], body.reason)
    return json_response(202, cancelled_invoice_view(cancelled, bootstrap.record_payments().today))


def post_reissue(request: Request) -> Response:
    cancelled = bootstrap.reissue_invoice().reissue(request.caller, request.path["number"])
    return json_response(202, reissued_invoice_view(cancelled, bootstrap.record_payments().today))


def post_mail(request: Request, body: MailAgainBody | None) -> Response:
    to = body.to if body else None
    return json_response(
        202, mailed_again_view(bootstrap.mail_invoice_again().mail(request.caller, request.path["number"], to))
    )


def _uai(request: Request) -> str:
    return checked_uai(request.path["uai"])


TWO = (
    "Mends a mistake in the stock; no refund, and nothing goes from one school to another (R8). In force once another "
    "person confirms it."
)
DECIDE = (
    "By another person than the one who proposed (`second-person-required`). What is taken back is limited to what is "
    "left: `missing_sms` is the rest. Mailed to every manager with the reason."
)
NOTE = (
    "For an invoice issued wrongly, in full. The credit note takes the next number of the invoices' sequence and is "
    "mailed in a moment; reminders stop. SMS stay credited. The same call again changes nothing."
)
REISSUE = (
    "For a cancelled invoice whose credit note is issued, once (`already-reissued` names the new one). Amounts stay; "
    "name, SIRET and address are the school's as registered now: correct them first (`PUT /v1/schools/{uai}`). The new "
    "one takes the next number and is mailed in a moment. Until it has one, the same call again changes nothing."
)
AGAIN = "Of a cancelled invoice its credit note. Recorded among the school's acts; five times in 24 hours at most."

ROUTES = (
    Route(
        "POST", "/v1/schools/{uai}/corrections", OPERATOR, post_correction, "Propose a correction of a stock",
        {200: correction_view, 201: correction_view}, body=CorrectionBody, about=TWO,
    ),
    Route(
        "GET", "/v1/schools/{uai}/corrections", OPERATOR, list_corrections, "Corrections of a school's stock",
        {200: PageOf(correction_view)}, query=("cursor",), about="Newest first.",
    ),
    Route(
        "GET", "/v1/corrections", OPERATOR, list_waiting, "Corrections that wait for a second person",
        {200: PageOf(correction_view)}, query=("cursor",), about="Of all schools, oldest first.",
    ),
    Route(
        "PUT", "/v1/schools/{uai}/corrections/{id}/decision", OPERATOR, put_decision,
        "Confirm or refuse a correction", {200: correction_view}, (409,), body=CorrectionDecisionBody, about=DECIDE,
    ),
    Route(
        "POST", "/v1/invoices/{number}/credit-note", OPERATOR, post_credit_note, "Cancel an invoice by a credit note",
        {202: cancelled_invoice_view}, (409,), body=CreditNoteBody, about=NOTE,
    ),
    Route(
        "POST", "/v1/invoices/{number}/reissue", OPERATOR, post_reissue, "Invoice anew after a credit note",
        {202: reissued_invoice_view}, (409,), about=REISSUE,
    ),
    Route(
        "POST", "/v1/invoices/{number}/mail", OPERATOR, post_mail, "Mail an invoice again", {202: mailed_again_view},
        (409,), body=MailAgainBody, body_optional=True, about=AGAIN,
    ),
)  # fmt: skip


def handler(event: dict[str, Any], context: object) -> Response:
    return serve(event, ROUTES, bootstrap.integration_granted)
