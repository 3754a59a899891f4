"""For every route of the template, what a stranger would ask of it about a school's things (R2).

`Example.path` and the texts of its body name things of the school by `{name}`; see `THINGS`. `names` says that the
request names a thing of the school, which a stranger must not find; without it the stranger asks about their own
school, and must learn nothing about the other.
"""

from dataclasses import dataclass
from typing import Any

THINGS = (
    *("uai", "order", "reviewed_order", "invoice", "request", "scheduled_request", "template", "other_template"),
    *("list", "phone", "other_phone", "client", "export"),
)
"""Things that the school owns, by the name used in the examples."""


@dataclass(frozen=True)
class Example:
    path: str
    names: bool = False
    body: Any = None

    def filled(self, things: dict[str, str]) -> tuple[str, Any]:
        """Path and body with those things."""
        return self.path.format(**things), _filled(self.body, things)


def _filled(body: Any, things: dict[str, str]) -> Any:
    if isinstance(body, dict):
        return {key: _filled(value, things) for key, value in body.items()}
    if isinstance(body, list):
        return [_filled(each, things) for each in body]
    return body.format(**things) if isinstance(body, str) else body


def _own(path: str, body: Any = None) -> Example:
    return Example(path, body=body)


def _named(path: str, body: Any = None) -> Example:
    return Example(path, names=True, body=body)


_SCHOOL = {
    "name": "Collège pris",
    "siret": "73282932000074",
    "address": {"line1": "1 rue", "postcode": "75005", "city": "Paris", "country": "FR"},
    "managers": [{"name": "Mallory Intrus", "email": "mallory@intrus.test"}],
    "subscription_end": "2099-08-31",
}
CONSENT = {
    "wording": "J'accepte de recevoir des SMS de la chorale.",
    "version": "1",
    "channel": "papier",
    "collected_by": "Secrétariat",
    "collected_at": "2026-09-01",
}
_TO_A_PHONE = [{"phone": "{phone}"}]

EXAMPLES: dict[str, Example] = {
    # ---------------------------------------------------------------- the operator's
    "PUT /v1/schools/{uai}": _named("/v1/schools/{uai}", _SCHOOL),
    "GET /v1/schools/{uai}": _named("/v1/schools/{uai}"),
    "GET /v1/schools/{uai}/balance": _named("/v1/schools/{uai}/balance?reason=Jalousie"),
    "GET /v1/schools/{uai}/ledger": _named("/v1/schools/{uai}/ledger?reason=Jalousie"),
    "GET /v1/schools/{uai}/history": _named("/v1/schools/{uai}/history?reason=Jalousie"),
    "GET /v1/schools/{uai}/trace": _named("/v1/schools/{uai}/trace?reason=Jalousie&phone={phone}"),
    "GET /v1/schools/{uai}/send-requests": _named("/v1/schools/{uai}/send-requests?reason=Jalousie"),
    "GET /v1/schools/{uai}/orders": _named("/v1/schools/{uai}/orders?reason=Jalousie"),
    "GET /v1/schools/{uai}/invoices": _named("/v1/schools/{uai}/invoices?reason=Jalousie"),
    "GET /v1/schools/{uai}/mails": _named("/v1/schools/{uai}/mails?reason=Jalousie"),
    "GET /v1/schools/{uai}/consents": _named("/v1/schools/{uai}/consents?reason=Jalousie"),
    "POST /v1/schools/{uai}/corrections": _named("/v1/schools/{uai}/corrections", {"sms": -1, "reason": "Jalousie"}),
    "GET /v1/schools/{uai}/corrections": _named("/v1/schools/{uai}/corrections"),
    "PUT /v1/schools/{uai}/corrections/{id}/decision": _named(
        "/v1/schools/{uai}/corrections/ABCDEFGHIJKLMN/decision", {"decision": "confirm"}
    ),
    "POST /v1/invoices/{number}/credit-note": _named("/v1/invoices/{invoice}/credit-note", {"reason": "Jalousie"}),
    "POST /v1/invoices/{number}/reissue": _named("/v1/invoices/{invoice}/reissue"),
    "POST /v1/invoices/{number}/mail": _named("/v1/invoices/{invoice}/mail"),
    "GET /v1/corrections": _own("/v1/corrections"),
    "DELETE /v1/schools/{uai}/blocked-senders/{sub+}": _named(
        "/v1/schools/{uai}/blocked-senders/intrus", {"reason": "Jalousie"}
    ),
    "GET /v1/schools/{uai}/acts": _named("/v1/schools/{uai}/acts"),
    "GET /v1/schools/{uai}/readings": _named("/v1/schools/{uai}/readings"),
    "GET /v1/overview": _own("/v1/overview"),
    "GET /v1/schools": _own("/v1/schools"),
    "POST /v1/schools/{uai}/suspension": _named("/v1/schools/{uai}/suspension", {"reason": "Jalousie"}),
    "DELETE /v1/schools/{uai}/suspension": _named("/v1/schools/{uai}/suspension"),
    "POST /v1/schools/{uai}/termination": _named("/v1/schools/{uai}/termination", {"reason": "Jalousie"}),
    "POST /v1/schools/{uai}/formal-notice": _named(
        "/v1/schools/{uai}/formal-notice", {"facts": "Jalousie", "deadline": "2099-01-31"}
    ),
    "POST /v1/schools/{uai}/formal-notice/answer": _named("/v1/schools/{uai}/formal-notice/answer", {"answer": "Non"}),
    "DELETE /v1/schools/{uai}/formal-notice": _named("/v1/schools/{uai}/formal-notice", {"reason": "Jalousie"}),
    "PUT /v1/schools/{uai}/destinations": _named(
        "/v1/schools/{uai}/destinations",
        {"sending_country": "FR", "destinations": {"ES": {"multiplier": 9}}},
    ),
    "PUT /v1/schools/{uai}/integrations/{client_id+}": _named("/v1/schools/{uai}/integrations/intrus"),
    "DELETE /v1/schools/{uai}/integrations/{client_id+}": _named("/v1/schools/{uai}/integrations/{client}"),
    "GET /v1/orders/{id}/form": _named("/v1/orders/{reviewed_order}/form"),
    "GET /v1/orders/{id}/alterations/{n}": _named("/v1/orders/{reviewed_order}/alterations/1"),
    "GET /v1/orders/{id}/mail": _named("/v1/orders/{reviewed_order}/mail"),
    "GET /v1/orders/{id}/question": _named("/v1/orders/{reviewed_order}/question"),
    "POST /v1/orders/{id}/opening": _named("/v1/orders/{reviewed_order}/opening"),
    "POST /v1/orders/{id}/decision": _named(
        "/v1/orders/{reviewed_order}/decision", {"decision": "accept", "packs": {"P1000": 9}}
    ),
    "POST /v1/invoices/{number}/reception": _named(
        "/v1/invoices/{invoice}/reception", {"received_on": "2026-01-02", "reference": "CPP-1"}
    ),
    "POST /v1/invoices/{number}/payment": _named(
        "/v1/invoices/{invoice}/payment", {"paid_on": "2026-01-02", "reference": "VIR-1"}
    ),
    "GET /v1/closures": _own("/v1/closures"),
    "GET /conditions/{version}": _own("/conditions/2026-09"),
    "PUT /v1/closures": _own("/v1/closures", ["2026-12-24"]),
    "GET /v1/price-list": _own("/v1/price-list"),
    "PUT /v1/price-list": _own("/v1/price-list", [{"id": "P1", "sms": 1, "price_ht": "0.05"}]),
    "GET /v1/trusted-signers": _own("/v1/trusted-signers"),
    "PUT /v1/trusted-signers": _own("/v1/trusted-signers", []),
    # ---------------------------------------------------------------- a manager's
    "GET /v1/order-form": _own("/v1/order-form?P500=1"),
    "GET /v1/balance": _own("/v1/balance"),
    "GET /v1/ledger": _own("/v1/ledger"),
    "GET /v1/usage": _own("/v1/usage"),
    "GET /v1/pack-in-use": _own("/v1/pack-in-use"),
    "GET /v1/stock-outlook": _own("/v1/stock-outlook"),
    "GET /v1/orders": _own("/v1/orders"),
    "GET /v1/orders/{id}": _named("/v1/orders/{order}"),
    "GET /v1/invoices": _own("/v1/invoices"),
    "GET /v1/invoices/{number}": _named("/v1/invoices/{invoice}"),
    "GET /v1/history": _own("/v1/history?phone={phone}"),
    "GET /v1/history.csv": _own("/v1/history.csv?phone={phone}"),
    "GET /v1/messages/{id}": _named("/v1/messages/{request}-0"),
    "GET /v1/exports/{id}": _named("/v1/exports/{export}"),
    "GET /v1/destinations": _own("/v1/destinations"),
    "POST /v1/destinations/acceptance": _own("/v1/destinations/acceptance", {"version": 1}),
    "PUT /v1/templates/{name}": _own("/v1/templates/{other_template}", {"text": "Remplacé."}),
    "DELETE /v1/templates/{name}": _named("/v1/templates/{template}"),
    "GET /v1/purges": _own("/v1/purges"),
    "GET /v1/consents": _own("/v1/consents"),
    "GET /v1/consents.csv": _own("/v1/consents.csv"),
    "GET /v1/replies": _own("/v1/replies"),
    "PUT /v1/consents/{phone}": _own("/v1/consents/{other_phone}", CONSENT),
    "DELETE /v1/consents/{phone}": _named("/v1/consents/{phone}"),
    "POST /v1/consents/import": _own("/v1/consents/import", "portable\n0639980001"),
    "GET /v1/recipients/{phone}": _own("/v1/recipients/{phone}"),
    "DELETE /v1/recipients/{phone}": _own("/v1/recipients/{phone}"),
    "POST /v1/recipients/{phone}/rectification": _named(
        "/v1/recipients/{phone}/rectification", {"phone": "+33612777899"}
    ),
    # ---------------------------------------------------------------- a sender's
    "GET /v1/blocked-senders": _own("/v1/blocked-senders"),
    "PUT /v1/blocked-senders/{sub+}": _own("/v1/blocked-senders/intrus"),
    "DELETE /v1/blocked-senders/{sub+}": _own("/v1/blocked-senders/intrus"),
    "GET /v1/notified": _own("/v1/notified"),
    "PUT /v1/notified": _own("/v1/notified", {"addresses": ["mallory@intrus.test"]}),
    "GET /v1/notified/confirmation/{token}": _named("/v1/notified/confirmation/{uai}-FORGED"),
    "POST /v1/notified/confirmation/{token}": _named("/v1/notified/confirmation/{uai}-FORGED"),
    "GET /v1/managers": _own("/v1/managers"),
    "GET /v1/me": _own("/v1/me"),
    "GET /v1/templates": _own("/v1/templates"),
    "GET /v1/templates/{name}": _named("/v1/templates/{template}"),
    "POST /v1/recipient-lists": _own("/v1/recipient-lists"),
    "POST /v1/estimates": _own("/v1/estimates", {"template": "{template}", "recipients": _TO_A_PHONE}),
    "POST /v1/send-requests": _named("/v1/send-requests", {"text": "Bonjour", "recipient_list": "{list}"}),
    "GET /v1/send-requests": _own("/v1/send-requests"),
    "GET /v1/send-requests/{id}": _named("/v1/send-requests/{request}"),
    "DELETE /v1/send-requests/{id}": _named("/v1/send-requests/{scheduled_request}"),
    # ---------------------------------------------------------------- without a token
    "GET /healthz": _own("/healthz"),
    "GET /v1/openapi.json": _own("/v1/openapi.json"),
    "GET /v1/receipts/{provider}/{secret}": _named("/v1/receipts/ovh/forged?id=1&ptt=4"),
    "GET /v1/incoming/{provider}/{secret}": _named("/v1/incoming/ovh/forged?id=1&sender={phone}&message=STOP"),
    "POST /v1/incoming/{provider}/{secret}": _named(
        "/v1/incoming/ovh/forged", {"sender": "{phone}", "message": "STOP"}
    ),
    "POST /v1/receipts/{provider}/{secret}": _named("/v1/receipts/ovh/forged", {}),
}
