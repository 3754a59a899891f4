"""The line as a school sees it: a form, a mail, a credit, a message on phones, a history."""

from collections import Counter
from collections.abc import Callable

from local.players import paper
from local.players.client import Person, eventually
from local.players.school import SchoolPlayer


def test_a_school_orders_sends_and_reads_what_became_of_it(school: SchoolPlayer, new_phone: Callable[..., str]) -> None:
    form = school.order_form(P1000=2)
    school.mail(paper.ink(school.complete(form)))
    eventually(lambda: school.balance() == 2000)
    [mail] = eventually(lambda: school.mails("Crédit de SMS activé"))
    assert mail["to"] == [school.manager.email]
    assert "2 000" in mail["text"].replace("\u202f", " ").replace("\u00a0", " ")

    zoe, elie = new_phone(), new_phone()
    body = {
        "text": "Bonjour ((prenom)), la sortie est reportée à lundi.",
        "recipients": [
            {"phone": zoe, "variables": {"prenom": "Zoé-Marie"}},
            {"phone": elie, "variables": {"prenom": "Élie-Paul"}},
        ],
    }
    answer = school.sender.post("/v1/send-requests", body)
    assert answer.status == 202, answer.body
    request = answer.json
    assert (request["accepted"], request["cost_sms"], request["refused"]) == (2, 2, [])

    def delivered() -> bool:
        shown = school.sender.get(f"/v1/send-requests/{request['id']}").json
        return bool(shown["totals"] == {"delivered": 2})

    eventually(delivered)
    assert school.sender.get(f"/v1/send-requests/{request['id']}").json["state"] == "finished"
    assert [sms["text"] for sms in school.client.phone(zoe)] == ["Bonjour Zoé-Marie, la sortie est reportée à lundi."]
    assert [sms["text"] for sms in school.client.phone(elie)] == ["Bonjour Élie-Paul, la sortie est reportée à lundi."]
    assert [(entry["kind"], entry["amount"], entry["balance_after"]) for entry in school.ledger()] == [
        ("debit", -2, 1998),
        ("credit", 2000, 2000),
    ]
    history = {each["phone"]: each for each in school.history()}
    assert set(history) == {zoe, elie}
    assert history[zoe]["text"] == "Bonjour Zoé-Marie, la sortie est reportée à lundi."
    assert {(each["status"], each["sms_count"], each["author"]) for each in history.values()} == {
        ("delivered", 1, school.sender.email)
    }
    [order] = school.orders()
    assert (order["state"], order["packs"], order["total_ttc"]) == ("credited", {"P1000": 2}, "204.00")


def test_the_operator_corrects_a_school_it_registered(school: SchoolPlayer, operator: Person) -> None:
    assert school.register(name="Collège Louise-Michel").status == 200

    shown = operator.get(f"/v1/schools/{school.uai}").json
    assert (shown["name"], shown["siret"]) == ("Collège Louise-Michel", school.siret)
    assert Counter(each["uai"] for each in operator.all("/v1/schools"))[school.uai] == 1


def test_a_wrong_school_code_or_siret_is_named(school: SchoolPlayer, operator: Person) -> None:
    answer = school.register(siret="19750655000018")
    assert answer.status == 422
    assert [error["field"] for error in answer.json["errors"]] == ["siret"]
    answer = operator.put("/v1/schools/0750655A", school.registration())
    assert (answer.status, answer.json["code"]) == (422, "invalid-uai")
