"""What each route is for, and what it answers. Routes, tokens, bodies and queries are read from where they are held."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from local.openapi.shapes import TEXT, Schema, listed, many, ref

Role = Literal["operator", "sms_manager", "sms_sender"]
PDF = "application/pdf"
RECEIVED = (PDF, "image/png", "image/jpeg", "application/octet-stream")
"""What mails bring, by `domain/documents.py`."""


@dataclass(frozen=True)
class Download:
    """An answer that is a file, of one of `content_types`."""

    content_types: tuple[str, ...]


@dataclass(frozen=True)
class Operation:
    """`answers` by status, None for one without content; `refusals`: statuses beside those that its kind of route has.

    `roles`: any of them may. `takes` is the type of a body that is no JSON.
    """

    summary: str
    roles: tuple[Role, ...]
    answers: Mapping[int, Schema | Download | None]
    refusals: tuple[int, ...] = ()
    takes: str = ""
    about: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


_OPERATOR: tuple[Role, ...] = ("operator",)
_MANAGER: tuple[Role, ...] = ("sms_manager",)
_STAFF: tuple[Role, ...] = ("sms_sender", "sms_manager")
_BOTH: tuple[Role, ...] = ("sms_manager", "operator")


def _act(summary: str, *refusals: int, about: str = "") -> Operation:
    return Operation(summary, _OPERATOR, {200: ref("SchoolWithActs")}, refusals, about=about)


def _list(summary: str, of: str, roles: tuple[Role, ...] = _MANAGER) -> Operation:
    """404: the caller's school is not registered."""
    return Operation(summary, roles, {200: listed(ref(of))}, (404,))


_LARGE = "Above 4 MB 303: download it within five minutes from `Location`, without the token."
_INTO_A_LIST = Operation(
    "Open an uploaded list of recipients",
    _STAFF,
    {201: ref("Upload")},
    (404,),
    about="Within 15 minutes `POST` a form (multipart/form-data) to `url` that has `fields` and, as its last field, "
    "`file`: a CSV of at most 20 MB and 30,000 rows. A larger one is refused there. Then name its `id`.",
)
_REPLY = Operation(
    "Take what a recipient answered to a provider",
    (),
    {204: None},
    (404, 422),
    "*/*",
    "An answer that begins with a stop word withdraws consents; managers read the others. Authenticated by its secret "
    "path.",
)
_RECEIPT = Operation(
    "Take a provider's receipt", (), {204: None}, (404, 422), "*/*", "Authenticated by its secret path."
)

OPERATIONS: dict[str, Operation] = {
    # ---------------------------------------------------------------- the operator's
    "PUT /v1/schools/{uai}": Operation(
        "Register a school, or change it", _OPERATOR, {200: ref("SchoolWithActs"), 201: ref("SchoolWithActs")}
    ),
    "GET /v1/schools/{uai}": _act("A school, and what was decided about it", 422),
    "GET /v1/schools": _list("Schools", "School", _OPERATOR),
    "POST /v1/schools/{uai}/suspension": _act("Suspend a school at once", 409, about="Queued messages stop (R27)."),
    "DELETE /v1/schools/{uai}/suspension": _act("End the suspension", 409),
    "POST /v1/schools/{uai}/termination": _act("Terminate a school for ever", 409),
    "POST /v1/schools/{uai}/formal-notice": _act(
        "Give formal notice (« mise en demeure »)", 409, about="Mailed to every manager; sending goes on (§6)."
    ),
    "POST /v1/schools/{uai}/formal-notice/answer": _act("Record the school's answer to it", 409),
    "DELETE /v1/schools/{uai}/formal-notice": _act("Lift it, with the reason", 409, about="Mailed to every manager."),
    "PUT /v1/schools/{uai}/destinations": _act(
        "Authorise destinations", 409, about="In force once a manager accepted."
    ),
    "PUT /v1/schools/{uai}/integrations/{client_id}": _act("Let a machine client act for a school", 409, 422),
    "DELETE /v1/schools/{uai}/integrations/{client_id}": _act("Let it act no more", 409, 422),
    "GET /v1/orders/{id}/form": Operation(
        "The form as received", _OPERATOR, {200: Download(RECEIVED), 303: None}, about="PDF or picture. " + _LARGE
    ),
    "GET /v1/orders/{id}/alterations/{n}": Operation(
        "Where the form differs from the issued one",
        _OPERATOR,
        {200: Download(("image/png",)), 303: None},
        about=_LARGE,
    ),
    "GET /v1/orders/{id}/mail": Operation(
        "The message that brought the order, raw, with its attachments",
        _OPERATOR,
        {200: Download(("message/rfc822",)), 303: None},
        about=f"Kept for a year. {_LARGE}",
    ),
    "POST /v1/orders/{id}/decision": Operation("Decide an order in review", _OPERATOR, {200: ref("Order")}, (409,)),
    "POST /v1/invoices/{number}/payment": Operation("Record a payment", _OPERATOR, {200: ref("Invoice")}, (409,)),
    "GET /v1/closures": Operation("The operator's closure days", _OPERATOR, {200: many(ref("Day"))}),
    "PUT /v1/closures": Operation("Publish closure days", _OPERATOR, {200: many(ref("Day"))}),
    "GET /v1/price-list": Operation("Packs and prices", _OPERATOR, {200: many(ref("Pack"))}),
    "PUT /v1/price-list": Operation("Publish packs and prices", _OPERATOR, {200: many(ref("Pack"))}),
    "GET /v1/trusted-signers": Operation("Whose digital signatures are believed", _OPERATOR, {200: many(TEXT)}),
    "PUT /v1/trusted-signers": Operation("Publish whose are", _OPERATOR, {200: many(TEXT)}),
    # ---------------------------------------------------------------- managers'
    "GET /v1/order-form": Operation(
        "The order form, prefilled",
        _MANAGER,
        {200: Download((PDF,))},
        (404, 422),
        about="The query gives quantities by pack: `?P1000=2`.",
    ),
    "GET /v1/orders": Operation(
        "Orders",
        _BOTH,
        {200: listed(ref("Order"))},
        (404,),
        about="Those in `state`; for the operator `review` unless it is named. `rejected` also lists the mails that "
        "were dropped without an answer as certainly no order: they have neither `school` nor `decision`, and "
        "`/v1/orders/{id}/mail` opens them.",
    ),
    "GET /v1/orders/{id}": Operation("An order", _BOTH, {200: ref("OrderInDetail")}),
    "GET /v1/invoices": _list("Invoices", "Invoice", _BOTH),
    "GET /v1/invoices/{number}": Operation("An invoice (Factur-X)", _BOTH, {200: Download((PDF,))}),
    "GET /v1/balance": Operation("The stock", _MANAGER, {200: ref("Balance")}, (404,)),
    "GET /v1/ledger": _list("Every entry that explains the stock", "Entry"),
    "GET /v1/history": _list("Messages of the school year", "Message"),
    "GET /v1/replies": _list("What recipients answered in the school year, STOP excepted", "Reply"),
    "GET /v1/history.csv": Operation(
        "The same as a file",
        _MANAGER,
        {200: Download(("text/csv",)), 202: ref("Export")},
        (404, 422),
        about="Takes what the list takes, but no cursor. 202 when it is too long to be answered at once.",
    ),
    "GET /v1/exports/{id}": Operation(
        "A file in the making",
        _MANAGER,
        {200: ref("Export")},
        about="Kept for a day. Once it is ready `url` serves for five minutes; ask again for another.",
    ),
    "GET /v1/destinations": Operation("Where the school may send", _MANAGER, {200: ref("Destinations")}, (404,)),
    "POST /v1/destinations/acceptance": Operation(
        "Accept the destinations and multipliers", _MANAGER, {200: ref("Destinations")}, (404, 409)
    ),
    "PUT /v1/templates/{name}": Operation(
        "Keep a text by name", _MANAGER, {200: ref("Template"), 201: ref("Template")}
    ),
    "DELETE /v1/templates/{name}": Operation("Delete it", _MANAGER, {204: None}),
    "GET /v1/consents": _list("Consents and withdrawals", "Consent"),
    "PUT /v1/consents/{phone}": Operation(
        "Record a consent with its proof", _MANAGER, {200: ref("Consent"), 201: ref("Consent")}, (409,)
    ),
    "DELETE /v1/consents/{phone}": Operation("Record its withdrawal", _MANAGER, {204: None}, (409, 422)),
    "POST /v1/consents/import": Operation(
        "Record the consents of a list", _MANAGER, {200: ref("ImportedConsents")}, (404, 409), takes="text/csv"
    ),
    "GET /v1/recipients/{phone}": Operation("All that is held of a number", _MANAGER, {200: ref("Held")}, (422,)),
    "POST /v1/recipients/{phone}/rectification": Operation(
        "Record a number's correction with its consent", _MANAGER, {200: ref("Consent")}, (409,)
    ),
    "DELETE /v1/recipients/{phone}": Operation(
        "Erase a number from all that is held, and never write to it again",
        _MANAGER,
        {200: ref("Erasure"), 202: ref("Erasure")},
        (422,),
        about="202 while it is not complete: say it again with `next_cursor` as `cursor`.",
    ),
    "GET /v1/purges": Operation("Certificates of purges", _BOTH, {200: ref("Purges")}, (404,)),
    # ---------------------------------------------------------------- senders'
    "GET /v1/templates": _list("Texts by name", "Template", _STAFF),
    "GET /v1/templates/{name}": Operation("A text", _STAFF, {200: ref("Template")}),
    "POST /v1/recipient-lists": _INTO_A_LIST,
    "POST /v1/estimates": Operation("What a text would cost", _STAFF, {200: ref("Estimate")}, (404,)),
    "POST /v1/send-requests": Operation(
        "Send a text",
        _STAFF,
        {202: ref("Accepted")},
        (402, 404, 409),
        about="Nothing is debited on any error.",
        headers={"Idempotency-Key": "a request said again under the same key is the same request"},
    ),
    "GET /v1/send-requests/{id}": Operation("A request and its messages by status", _STAFF, {200: ref("SendRequest")}),
    "DELETE /v1/send-requests/{id}": Operation(
        "Cancel a request that has not started", _STAFF, {200: ref("SendRequest")}, (409,)
    ),
    # ---------------------------------------------------------------- without a token
    "GET /healthz": Operation("Whether the service is up", (), {200: ref("Health")}),
    "GET /v1/openapi.json": Operation("This description", (), {200: {"type": "object"}}),
    "GET /v1/receipts/{provider}/{secret}": _RECEIPT,
    "POST /v1/receipts/{provider}/{secret}": _RECEIPT,
    "GET /v1/incoming/{provider}/{secret}": _REPLY,
    "POST /v1/incoming/{provider}/{secret}": _REPLY,
}
