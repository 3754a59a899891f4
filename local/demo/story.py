"""The main job as the demo tells it: an order form, a credit, a message to families, what became of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from local.demo.page import Page
from local.players import paper
from local.players.client import Client
from local.players.school import SchoolPlayer

MESSAGE = "Bonjour ((prenom)), le collège sera fermé vendredi. Merci de prévenir la cantine et les transports."

# (as typed, E.164, first name, SMS debited, what the number stands for)
FAMILIES = (
    ("06 12 34 56 10", "+33612345610", "Zoé", 1, "an ordinary phone"),
    ("+33 6 12 34 56 20", "+33612345620", "Loïc", 2, "« ï » is not in the SMS alphabet: 70 characters an SMS, not 160"),
    ("06.12.34.56.01", "+33612345601", "Inès", 1, "cannot be reached"),
    ("0612345602", "+33612345602", "Adèle", 1, "no receipt will ever come"),
    ("0612345603", "+33612345603", "Nino", 1, "the provider is busy at the first attempt"),
    ("0612345604", "+33612345604", "Léa", 1, "the provider refuses the number"),
    ("0612345608", "+33612345608", "Rémi", 1, "the provider stays down"),
    ("06 39 98 00 10", "+33639980010", "Test", 0, "the range kept for fiction: simulated, free of charge"),
)
LANDLINE = "01 43 00 00 00"
COST = sum(family[3] for family in FAMILIES)
AT_WORK = {
    "+33612345610": "delivered",
    "+33612345620": "delivered",
    "+33612345601": "undeliverable",
    "+33612345602": "sent",
    "+33612345603": "delivered",
    "+33612345604": "failed",
    "+33612345608": "queued",
    "+33639980010": "delivered",
}
AT_THE_END = AT_WORK | {"+33612345602": "expired", "+33612345608": "failed"}
RELEASED = 2
"""SMS that nobody got and that cost nothing in the end: those of the numbers in 04 and 08."""


@dataclass(frozen=True)
class Story:
    """Tells it on `page`, on the stack of `client`; documents are saved in `folder`."""

    page: Page
    client: Client
    school: SchoolPlayer
    other_school: SchoolPlayer
    folder: Path
    window_seconds: int

    def tell(self) -> None:
        """Raises `CheckFailed` at the first check that does not hold."""
        self._register()
        form = self._download()
        signed = self._order(form)
        self._order_again(signed)
        self._record_consents()
        request = self._send()
        self._look_at_phones()
        self._follow_receipts(request)
        self._try_what_is_not_allowed(request)
        self._await_window_end(request)
        self._add_up()
        self._read_history()

    def _register(self) -> None:
        page, school = self.page, self.school
        page.step("The operator registers a school")
        answer = school.register()
        page.check(f"{school.name}, {school.uai}, SIRET {school.siret}: 201", answer.status == 201, answer.body)
        page.check("registered once more, it is only changed: 200", school.register().status == 200)
        self.other_school.register()
        page.check("its stock is empty", school.balance() == 0)

    def _download(self) -> bytes:
        page = self.page
        page.step("Its SMS manager downloads the order form: two packs of 1,000")
        form = self.school.order_form(P1000=2)
        page.check("a PDF, prefilled with the school and the quantity", form.startswith(b"%PDF-"))
        page.tell(f"saved as {self._save('bon-de-commande.pdf', form)}")
        return form

    def _order(self, form: bytes) -> bytes:
        page, school = self.page, self.school
        page.step("She fills it in as in a PDF viewer, forgets to sign, and mails it")
        unsigned = school.complete(form)
        school.mail(unsigned)
        reply = page.wait("the service replies « Bon de commande incomplet »", self._reply("Bon de commande incomplet"))
        page.show(reply["text"])
        page.check("it names what is missing: « signature absente »", "signature absente" in reply["text"])
        page.check("nothing is credited", school.balance() == 0)

        page.step("She draws her signature, and mails it again")
        signed = paper.ink(unsigned)
        page.tell(f"saved as {self._save('bon-de-commande-signe.pdf', signed)}")
        school.mail(signed)
        page.wait("2,000 SMS are credited", lambda: school.balance() == 2000)
        reply = page.wait("the service replies « Crédit de SMS activé »", self._reply("Crédit de SMS activé"))
        page.show(reply["text"])
        return signed

    def _order_again(self, signed: bytes) -> None:
        page, school = self.page, self.school
        page.step("The same form arrives in another mail")
        school.mail(signed, subject="Relance : commande de SMS")
        page.wait("the service replies that it came before", self._reply("Bon de commande déjà reçu"))
        credits = [entry["amount"] for entry in school.ledger() if entry["kind"] == "credit"]
        page.check("credited once: the ledger has one credit of 2,000", credits == [2000], credits)

    def _record_consents(self) -> None:
        page = self.page
        page.step("The manager records who consented to SMS, from a list of the families")
        answer = self.school.consent(*(typed for typed, *_ in FAMILIES))
        recorded = answer.json["recorded"]
        page.check(f"{len(FAMILIES)} consents are recorded with their proof", recorded == len(FAMILIES), answer.body)

    def _send(self) -> dict[str, Any]:
        page = self.page
        page.step("A teacher writes to families; each simulated phone behaves in its own way")
        page.show(MESSAGE)
        for typed, _, name, cost, stands_for in FAMILIES:
            page.tell(f"{typed:18} {name:6} {cost} SMS  {stands_for}")
        page.tell(f"{LANDLINE:18} {'Maman':6}        a landline")
        people = [*((typed, name) for typed, _, name, _, _ in FAMILIES), (LANDLINE, "Maman")]
        recipients = [{"phone": phone, "variables": {"prenom": name}} for phone, name in people]
        body = {"text": MESSAGE, "recipients": recipients}
        answer = self.school.sender.post("/v1/send-requests", body, idempotency_key="demo")
        page.check("answered 202", answer.status == 202, answer.body)
        request: dict[str, Any] = answer.json
        page.check(f"it costs {COST} SMS", request["cost_sms"] == COST, request)
        refused = [(refusal["phone"], refusal["code"]) for refusal in request["refused"]]
        page.check("the landline is refused: not-a-mobile", refused == [(LANDLINE, "not-a-mobile")], refused)
        page.show(request["refused"][0]["detail"])
        repeated = self.school.sender.post("/v1/send-requests", body, idempotency_key="demo")
        page.check("posted twice with one Idempotency-Key, it is one request", repeated.json["id"] == request["id"])
        balance = self.school.balance()
        page.check(f"debited once: {2000 - COST:,} SMS are left", balance == 2000 - COST, balance)
        return request

    def _look_at_phones(self) -> None:
        page = self.page
        page.step("The SMS arrives on phones")
        reached = {number for number, status in AT_WORK.items() if status in ("delivered", "sent")}
        for _, number, name, _, _ in FAMILIES:
            if number in reached:
                page.wait(f"{number} has an SMS for {name}", partial(self.client.phone, number))
        page.show(self.client.phone("+33612345610")[0]["text"])
        page.check(
            "in the text of each, the right name; none came twice",
            all(
                [sms["text"] for sms in self.client.phone(number)] == [MESSAGE.replace("((prenom))", name)]
                for _, number, name, _, _ in FAMILIES
                if number in reached
            ),
        )
        silent = [number for number in AT_WORK if number not in reached]
        page.check("the others stay silent", not any(self.client.phone(number) for number in silent), silent)

    def _follow_receipts(self, request: dict[str, Any]) -> None:
        page, school = self.page, self.school
        page.step("Receipts come back from the provider")
        request_id = request["id"]
        page.wait("each message has its status", lambda: school.statuses(request_id) == AT_WORK)
        for number, status in AT_WORK.items():
            page.tell(f"{number}  {status}")
        shown = school.sender.get(f"/v1/send-requests/{request_id}").json
        page.check("the teacher sees the totals only", shown["totals"] == dict(Counter(AT_WORK.values())), shown)
        balance = school.balance()
        page.check("the SMS to the refused number is back in stock", balance == 2000 - COST + 1, balance)

    def _try_what_is_not_allowed(self, request: dict[str, Any]) -> None:
        page, school, other = self.page, self.school, self.other_school
        page.step("What must not work does not")
        status = other.manager.get(f"/v1/send-requests/{request['id']}").status
        page.check("another school does not find the request: 404", status == 404, status)
        page.check(
            "its own ledger, orders and history are empty", not (other.ledger() + other.orders() + other.history())
        )
        status = school.sender.get("/v1/balance").status
        page.check("the teacher does not see the stock: 403", status == 403, status)
        status = self.client.call("GET", "/v1/balance").status
        page.check("nobody does without a token: 401", status == 401, status)
        stranger = "06 55 99 99 50"
        answer = school.send("Réunion !", [stranger])
        codes = [refusal["code"] for refusal in answer.json["refused"]]
        page.check("who has not consented is not written to: no-consent", codes == ["no-consent"], answer.body[:500])
        everybody = [f"06 55 {index // 100:02} {index % 100:02} 50" for index in range(400)]
        school.consent(*everybody)
        answer = school.send("Réunion ! " * 75, everybody)
        page.check("a request for 2,000 SMS is too dear: 402", answer.status == 402, answer.body)
        page.show(answer.json["detail"])
        # Not the balance: on a slow machine the window ends meanwhile, and releases what the provider never took.
        debits = [entry["amount"] for entry in school.ledger() if entry["kind"] == "debit"]
        page.check("and nothing was debited", debits == [-COST], debits)

    def _await_window_end(self, request: dict[str, Any]) -> None:
        page, school = self.page, self.school
        page.step(f"The delivery window ends ({self.window_seconds} s here, 72 hours for real)")
        page.wait(
            "02, without receipt, has expired; 08, never handed over, has failed",
            lambda: school.statuses(request["id"]) == AT_THE_END,
            seconds=self.window_seconds + 20,
        )
        page.wait("what was never handed over is back in stock", lambda: school.balance() == 2000 - COST + RELEASED)

    def _add_up(self) -> None:
        page, school = self.page, self.school
        page.step("The ledger explains the stock")
        entries = school.ledger()
        for entry in reversed(entries):
            page.show(f"{entry['kind']:8} {entry['amount']:+6}  → {entry['balance_after']:5}  {entry['explanation']}")
        amounts = [entry["amount"] for entry in entries]
        expected = [2000, -COST, *[1] * RELEASED]
        page.check("a credit, a debit, two releases", Counter(amounts) == Counter(expected), amounts)
        page.check(f"their sum is the balance: {sum(amounts):,}", sum(amounts) == school.balance(), school.balance())

    def _read_history(self) -> None:
        page, school = self.page, self.school
        page.step("The manager reads the history")
        messages = school.history()
        for each in sorted(messages, key=lambda each: str(each["phone"])):
            at = datetime.fromisoformat(each["accepted_at"]).strftime("%H:%M:%S")
            page.show(f"{at}  {each['phone']}  {each['sms_count']} SMS  {each['status']:13}  {each['text'][:40]}…")
        page.check(f"all {len(FAMILIES)} messages are there", len(messages) == len(FAMILIES), len(messages))
        authors = {each["author"] for each in messages}
        page.check("each names who sent it", authors == {school.sender.email}, authors)
        found = school.history(phone="06 12 34 56 20")
        page.check("searched by number, one is found", [each["phone"] for each in found] == ["+33612345620"])

    def _save(self, name: str, content: bytes) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / name
        path.write_bytes(content)
        return path

    def _reply(self, subject: str) -> Any:
        def latest() -> dict[str, Any] | None:
            return next(iter(self.school.mails(subject)), None)

        return latest
