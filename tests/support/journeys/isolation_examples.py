"""For every route of the template, what a stranger would ask of it about a school's things (R2).

`Example.path` and the texts of its body name things of the school by `{name}`; see `THINGS`. `least` is the smallest
role that may use the route. `names` tells that the request names a thing of the school, which a stranger must not find;
without it the stranger asks about their own school, and must be told nothing of the other.
"""

from dataclasses import dataclass
from typing import Any, Literal

Role = Literal["operator", "sms_manager", "sms_sender", "anybody"]

THINGS = (
    *("uai", "order", "reviewed_order", "invoice", "request", "scheduled_request", "template", "other_template"),
    *("list", "phone", "other_phone", "client", "export"),
)
"""What the school has, by the name the examples use."""


@dataclass(frozen=True)
class Example:
    method: str
    path: str
    least: Role
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


def _operator(method: str, path: str, body: Any = None) -> Example:
    return Example(method, path, "operator", names="{" in path, body=body)


def _own(method: str, path: str, least: Role = "sms_manager", body: Any = None) -> Example:
    return Example(method, path, least, body=body)


def _named(method: str, path: str, least: Role = "sms_manager", body: Any = None) -> Example:
    return Example(method, path, least, names=True, body=body)


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
    "PUT /v1/schools/{uai}": _operator("PUT", "/v1/schools/{uai}", _SCHOOL),
    "GET /v1/schools/{uai}": _operator("GET", "/v1/schools/{uai}"),
    "GET /v1/schools": _operator("GET", "/v1/schools"),
    "POST /v1/schools/{uai}/suspension": _operator("POST", "/v1/schools/{uai}/suspension", {"reason": "Jalousie"}),
    "DELETE /v1/schools/{uai}/suspension": _operator("DELETE", "/v1/schools/{uai}/suspension"),
    "POST /v1/schools/{uai}/termination": _operator("POST", "/v1/schools/{uai}/termination", {"reason": "Jalousie"}),
    "PUT /v1/schools/{uai}/destinations": _operator(
        "PUT",
        "/v1/schools/{uai}/destinations",
        {"sending_country": "FR", "destinations": {"ES": {"multiplier": 9}}},
    ),
    "PUT /v1/schools/{uai}/integrations/{client_id}": _operator("PUT", "/v1/schools/{uai}/integrations/intrus"),
    "DELETE /v1/schools/{uai}/integrations/{client_id}": _operator("DELETE", "/v1/schools/{uai}/integrations/{client}"),
    "GET /v1/orders/{id}/form": _operator("GET", "/v1/orders/{reviewed_order}/form"),
    "GET /v1/orders/{id}/alterations/{n}": _operator("GET", "/v1/orders/{reviewed_order}/alterations/1"),
    "GET /v1/orders/{id}/mail": _operator("GET", "/v1/orders/{reviewed_order}/mail"),
    "POST /v1/orders/{id}/decision": _operator(
        "POST", "/v1/orders/{reviewed_order}/decision", {"decision": "accept", "packs": {"P1000": 9}}
    ),
    "POST /v1/invoices/{number}/payment": _operator(
        "POST", "/v1/invoices/{invoice}/payment", {"paid_on": "2026-01-02", "reference": "VIR-1"}
    ),
    "GET /v1/closures": _operator("GET", "/v1/closures"),
    "PUT /v1/closures": _operator("PUT", "/v1/closures", ["2026-12-24"]),
    "GET /v1/price-list": _operator("GET", "/v1/price-list"),
    "PUT /v1/price-list": _operator("PUT", "/v1/price-list", [{"id": "P1", "sms": 1, "price_ht": "0.05"}]),
    "GET /v1/trusted-signers": _operator("GET", "/v1/trusted-signers"),
    "PUT /v1/trusted-signers": _operator("PUT", "/v1/trusted-signers", []),
    # ---------------------------------------------------------------- a manager's
    "GET /v1/order-form": _own("GET", "/v1/order-form?P500=1"),
    "GET /v1/balance": _own("GET", "/v1/balance"),
    "GET /v1/ledger": _own("GET", "/v1/ledger"),
    "GET /v1/orders": _own("GET", "/v1/orders"),
    "GET /v1/orders/{id}": _named("GET", "/v1/orders/{order}"),
    "GET /v1/invoices": _own("GET", "/v1/invoices"),
    "GET /v1/invoices/{number}": _named("GET", "/v1/invoices/{invoice}"),
    "GET /v1/history": _own("GET", "/v1/history?phone={phone}"),
    "GET /v1/history.csv": _own("GET", "/v1/history.csv?phone={phone}"),
    "GET /v1/exports/{id}": _named("GET", "/v1/exports/{export}"),
    "GET /v1/destinations": _own("GET", "/v1/destinations"),
    "POST /v1/destinations/acceptance": _own("POST", "/v1/destinations/acceptance", body={"version": 1}),
    "PUT /v1/templates/{name}": _own("PUT", "/v1/templates/{other_template}", body={"text": "Remplacé."}),
    "DELETE /v1/templates/{name}": _named("DELETE", "/v1/templates/{template}"),
    "GET /v1/purges": _own("GET", "/v1/purges"),
    "GET /v1/consents": _own("GET", "/v1/consents"),
    "GET /v1/replies": _own("GET", "/v1/replies"),
    "PUT /v1/consents/{phone}": _own("PUT", "/v1/consents/{other_phone}", body=CONSENT),
    "DELETE /v1/consents/{phone}": _named("DELETE", "/v1/consents/{phone}"),
    "POST /v1/consents/import": _own("POST", "/v1/consents/import", body="portable\n0639980001"),
    "GET /v1/recipients/{phone}": _own("GET", "/v1/recipients/{phone}"),
    "DELETE /v1/recipients/{phone}": _own("DELETE", "/v1/recipients/{phone}"),
    "POST /v1/recipients/{phone}/rectification": _named(
        "POST", "/v1/recipients/{phone}/rectification", body={"phone": "+33612777899"}
    ),
    # ---------------------------------------------------------------- a sender's
    "GET /v1/templates": _own("GET", "/v1/templates", "sms_sender"),
    "GET /v1/templates/{name}": _named("GET", "/v1/templates/{template}", "sms_sender"),
    "POST /v1/recipient-lists": _own("POST", "/v1/recipient-lists", "sms_sender"),
    "POST /v1/estimates": _own(
        "POST", "/v1/estimates", "sms_sender", {"template": "{template}", "recipients": _TO_A_PHONE}
    ),
    "POST /v1/send-requests": _named(
        "POST", "/v1/send-requests", "sms_sender", {"text": "Bonjour", "recipient_list": "{list}"}
    ),
    "GET /v1/send-requests/{id}": _named("GET", "/v1/send-requests/{request}", "sms_sender"),
    "DELETE /v1/send-requests/{id}": _named("DELETE", "/v1/send-requests/{scheduled_request}", "sms_sender"),
    # ---------------------------------------------------------------- without a token
    "GET /healthz": Example("GET", "/healthz", "anybody"),
    "GET /v1/openapi.json": Example("GET", "/v1/openapi.json", "anybody"),
    "GET /v1/receipts/{provider}/{secret}": Example("GET", "/v1/receipts/ovh/forged?id=1&ptt=4", "anybody", names=True),
    "GET /v1/incoming/{provider}/{secret}": Example(
        "GET", "/v1/incoming/ovh/forged?id=1&sender={phone}&message=STOP", "anybody", names=True
    ),
    "POST /v1/incoming/{provider}/{secret}": Example(
        "POST", "/v1/incoming/ovh/forged", "anybody", names=True, body={"sender": "{phone}", "message": "STOP"}
    ),
    "POST /v1/receipts/{provider}/{secret}": Example("POST", "/v1/receipts/ovh/forged", "anybody", names=True, body={}),
}
