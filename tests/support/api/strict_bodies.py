"""One or more complete bodies of each model: every field that there is, with a value that is taken."""

from typing import Any

PHONE = "+33612345678"

EXAMPLES: dict[str, list[Any]] = {
    "SchoolBody": [
        {
            "name": "Collège Paul Éluard",
            "siret": "73282932000074",
            "address": {
                "line1": "1 rue des Écoles",
                "line2": "Bâtiment B",
                "postcode": "75005",
                "city": "Paris",
                "country": "FR",
            },
            "managers": [{"name": "Marie Durand", "email": "marie.durand@lycee.test"}],
            "subscription_end": "2027-08-31",
            "calendar": "metropole",
            "low_balance_threshold": 50,
            "sender_name": "Eluard75",
            "daily_limit": 1_000,
            "vat_rate": "8.5",
            "order_senders": ["intendance@lycee.test", "ce.<uai>@ac-paris.fr"],
            "confirm_past_end": True,
            "country": "FR",
        }
    ],
    "DecisionBody": [
        {"decision": "accept", "packs": {"P500": 2}, "service_code": "COMPTA", "engagement_number": "EJ-42"},
        {"decision": "reject", "reason": "Bon illisible.\nRenvoyez-le."},
    ],
    "PaymentBody": [
        {"paid_on": "2026-12-01", "reference": "VIR-1", "amount": "100.00", "confirm_before_invoice": True}
    ],
    "ReceptionBody": [{"received_on": "2026-12-01", "reference": "CPP-2026-42"}],
    "CorrectionBody": [
        {"sms": -500, "reason": "Créditée deux fois.", "corrects": {"type": "order", "id": "BC26-ABCDEFGHIJ"}}
    ],
    "CreditNoteBody": [{"reason": "SIRET erroné."}],
    "MailAgainBody": [{"to": "chef@lycee.test"}],
    "CorrectionDecisionBody": [{"decision": "confirm"}, {"decision": "refuse", "reason": "Une seule commande."}],
    "PriceListBody": [[{"id": "P500", "sms": 500, "price_ht": "45.00"}]],
    "ClosuresBody": [["2026-12-24", "2026-12-31"], []],
    "TrustedSignersBody": [[]],
    "ReasonBody": [{"reason": "Messages hors du cadre scolaire.\nVoir le courrier du 12."}],
    "FormalNoticeBody": [{"facts": "Envois publicitaires.\nVoir le courrier du 12.", "deadline": "2026-12-15"}],
    "NotifiedBody": [{"addresses": ["chef@lycee.test"]}],
    "AnswerBody": [{"answer": "Le compte en cause est retiré."}],
    "DestinationsBody": [
        {
            "sending_country": "FR",
            "destinations": {"BE": {"multiplier": 2}},
            "tariff": {"text": "Belgique : 2 SMS du stock par SMS.", "prices": {"BE": "0.0825"}},
        }
    ],
    "AcceptanceBody": [{"version": 1}],
    "ConsentBody": [
        {
            "wording": "J'accepte les SMS du collège.",
            "version": "1",
            "channel": "papier",
            "collected_by": "Secrétariat",
            "collected_at": "2026-09-01",
        }
    ],
    "RectificationBody": [{"phone": PHONE}],
    "TemplateBody": [{"text": "Bonjour ((prenom))"}, {"text": "Bonjour {{prenom}}", "confirm_placeholders": True}],
    "EstimateBody": [
        {"text": "Bonjour", "recipients": [{"phone": PHONE, "variables": {"prenom": "Léa"}}], "encoding": "auto"},
        {"template": "Absence", "recipient_list": "LISTAAAAAAAAAA"},
    ],
    "SendRequestBody": [
        {
            "text": "Bonjour",
            "recipients": [{"phone": PHONE, "variables": {"prenom": "Léa"}}],
            "encoding": "auto",
            "send_at": "2026-11-24T18:00:00+01:00",
            "confirm_duplicates": True,
            "confirm_placeholders": True,
        },
        {"template": "Absence", "recipient_list": "LISTAAAAAAAAAA"},
    ],
}
