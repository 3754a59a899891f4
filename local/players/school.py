"""Plays a made-up school and its people, on a stack: for the demo and the journeys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from stdnum import luhn

from local.players import paper
from local.players.client import Answer, Client, Person, eventually, mail_with

UAI_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
SUBSCRIPTION_END = "2099-08-31"


def uai_of(number: int) -> str:
    """A well-formed code of a school in Paris, another one for each `number` below 10,000."""
    digits = f"075{number:04d}"
    return digits + UAI_LETTERS[int(digits) % len(UAI_LETTERS)]


def siret_of(number: int) -> str:
    """A SIRET with the keys of SIREN and SIRET right, another one for each `number` below 10,000."""
    siren = f"1975{number:04d}"
    siren += luhn.calc_check_digit(siren)
    siret = siren + "0001"
    return siret + str(luhn.calc_check_digit(siret))


class SchoolPlayer:
    """A school with a manager and a sender, each with a token; `number` makes it another school."""

    def __init__(self, client: Client, number: int, name: str = "Collège Paul-Éluard") -> None:
        self.client = client
        self.name = name
        self.uai, self.siret = uai_of(number), siret_of(number)
        self.manager = self.person("zoe.lefevre", "sms_manager")
        self.sender = self.person("karim.benali", "sms_sender")

    def person(self, name: str, *roles: str) -> Person:
        """Somebody of this school."""
        return self.client.person(f"{name}-{self.uai}", f"{name}@{self.uai.lower()}.ecole.test", self.uai, *roles)

    def registration(self, **changes: Any) -> dict[str, Any]:
        """Return the body with which the operator registers the school."""
        address = {"line1": "12 bis, rue de l'Œuvre", "postcode": "75011", "city": "Paris", "country": "FR"}
        return {
            "name": self.name,
            "siret": self.siret,
            "address": address,
            "managers": [{"name": "Zoé Lefèvre", "email": self.manager.email}],
            "subscription_end": SUBSCRIPTION_END,
        } | changes

    def register(self, **changes: Any) -> Answer:
        """As the operator does."""
        return self.client.operator().put(f"/v1/schools/{self.uai}", self.registration(**changes))

    # ---------------------------------------------------------------- ordering

    def order_form(self, **packs: int) -> bytes:
        """Downloaded by the manager, with `packs` filled in."""
        answer = self.manager.get("/v1/order-form", **{pack: str(count) for pack, count in packs.items()})
        if answer.status != 200:
            raise AssertionError(f"no order form: {answer.status} {answer.body[:500]!r}")
        return answer.body

    def complete(self, form: bytes, values: Mapping[str, str] | None = None, *, terms: bool = True) -> bytes:
        """`form` filled in but for the signature."""
        written = {"contact_role": "Gestionnaire", "place_and_date": "Paris, le 23 novembre 2026"}
        return paper.fill(form, written | dict(values or {}), terms=terms)

    def signed_form(self, values: Mapping[str, str] | None = None, /, **packs: int) -> bytes:
        """A form as it should come: downloaded, filled in, signed with the pen of a PDF viewer."""
        return paper.ink(self.complete(self.order_form(**packs or {"P1000": 2}), values))

    def mail(self, *documents: bytes, sender: str | None = None, **details: Any) -> None:
        """Mail `documents` to the order inbox; from the manager unless said otherwise."""
        address = sender or self.manager.email
        self.client.mail(mail_with(*documents, sender=address, **details), address)

    def mails(self, subject: str | None = None) -> list[dict[str, Any]]:
        """Return the mails of the service to the manager."""
        return [mail for mail in self.client.outbox(self.manager.email) if subject in (None, mail["subject"])]

    def credit(self, **packs: int) -> None:
        """Order `packs`, and wait until they are credited."""
        before = self.balance()
        self.mail(self.signed_form(**packs))
        eventually(lambda: self.balance() > before)

    def supply(self, sms: int) -> None:
        """Add `sms` to the stock by a correction of two operators: at once, without the papers of an order."""
        path, second = f"/v1/schools/{self.uai}/corrections", self.client.second_operator()
        proposed = self.client.operator().post(path, {"sms": sms, "reason": "Reprise du stock"})
        confirmed = second.put(f"{path}/{proposed.json['id']}/decision", {"decision": "confirm"})
        if confirmed.status != 200:
            raise AssertionError(f"not corrected: {confirmed.status} {confirmed.body[:500]!r}")

    # ---------------------------------------------------------------- money and messages

    def balance(self) -> int:
        return int(self.manager.get("/v1/balance").json["balance"])

    def ledger(self) -> list[dict[str, Any]]:
        """Every entry, newest first."""
        return self.manager.all("/v1/ledger")

    def orders(self) -> list[dict[str, Any]]:
        return self.manager.all("/v1/orders")

    def history(self, **query: str) -> list[dict[str, Any]]:
        return self.manager.all("/v1/history", **query)

    def consent(self, *phones: str) -> Answer:
        """The manager records the consent of who has `phones`, from a list as a spreadsheet saves it."""
        proof = "J'accepte les SMS de l'établissement.;1;formulaire papier;Secrétariat;01/09/2026"
        rows = [
            "Téléphone;Formulation;Version;Canal;Recueilli par;Recueilli le",
            *(f"{each};{proof}" for each in phones),
        ]
        content = "\r\n".join(rows).encode("cp1252")
        return self.client.call(
            "POST",
            "/v1/consents/import",
            content,
            token=self.manager.token,
            headers={"content-type": "application/octet-stream"},
        )

    def send(self, text: str, phones: Sequence[str], *, by: Person | None = None, **headers: str) -> Answer:
        """Ask for one SMS to each of `phones`; the sender asks unless said otherwise."""
        body = {"text": text, "recipients": [{"phone": phone} for phone in phones]}
        return (by or self.sender).post("/v1/send-requests", body, **headers)

    def statuses(self, request_id: str) -> dict[str, str]:
        """The status of each message of a request, by phone number, as the history has it."""
        return {each["phone"]: each["status"] for each in self.history() if each["request_id"] == request_id}

    def totals(self, request_id: str) -> dict[str, int]:
        """Messages of each status, as the request tells: one call, however many they are."""
        found: dict[str, int] = self.sender.get(f"/v1/send-requests/{request_id}").json["totals"]
        return found
