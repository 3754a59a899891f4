"""Decisions of the operator about a school apply at once, to queued messages too (R27, R28)."""

from collections import Counter
from collections.abc import Callable
from urllib.parse import quote

from local.players.client import Person, eventually
from local.players.school import SchoolPlayer
from tests.journeys.conftest import NewSchool
from tests.support.journeys.observed import ObservedClient

NewPhone = Callable[..., str]
SETTLED = {"delivered", "cancelled"}


def path(school: SchoolPlayer, act: str) -> str:
    return f"/v1/schools/{school.uai}/{act}"


def suspend(operator: Person, school: SchoolPlayer) -> None:
    assert operator.post(path(school, "suspension"), {"reason": "Envois publicitaires"}).status == 200


def statuses(school: SchoolPlayer, request_id: str) -> Counter[str]:
    return Counter(school.statuses(request_id).values())


def test_a_suspension_stops_what_waits_to_be_tried_again_and_gives_back_its_sms(
    supplied_school: SchoolPlayer, operator: Person, new_phone: NewPhone
) -> None:
    school, busy = supplied_school, new_phone("08")
    request = school.send("Le car est en retard.", [new_phone(), busy]).json["id"]
    eventually(lambda: statuses(school, request) == {"delivered": 1, "queued": 1})

    suspend(operator, school)

    eventually(lambda: statuses(school, request) == {"delivered": 1, "cancelled": 1})
    assert school.client.phone(busy) == []
    assert school.balance() == 499
    assert [(each["kind"], each["amount"]) for each in school.ledger()][0] == ("release", 1)


def test_a_suspension_in_the_middle_of_a_large_request_stops_the_rest(
    supplied_school: SchoolPlayer, operator: Person, new_phone: NewPhone
) -> None:
    """Each message is either handed over and paid for, or stopped and given back; none is both, none neither."""
    school, phones = supplied_school, [new_phone() for _ in range(400)]
    request = school.send("Sortie annulée.", phones).json["id"]
    suspend(operator, school)

    eventually(lambda: school.totals(request).keys() <= SETTLED)
    ended = school.statuses(request)
    settled = Counter(ended.values())
    assert settled["cancelled"] > 0
    assert settled.total() == 400
    assert school.balance() == 500 - settled["delivered"]
    assert sum(len(school.client.phone(phone)) for phone in phones[-50:]) == sum(
        ended[phone] == "delivered" for phone in phones[-50:]
    )


def test_a_suspended_school_sends_nothing_until_the_suspension_ends(
    ordered_school: SchoolPlayer, operator: Person, new_phone: NewPhone
) -> None:
    school = ordered_school
    suspend(operator, school)
    refused = school.send("Réunion ce soir.", [new_phone()])
    assert (refused.status, refused.json["code"]) == (403, "school-suspended")
    assert school.balance() == 500

    assert school.register(name="Collège Paul-Éluard bis").json["state"] == "suspended"
    shown = operator.delete(path(school, "suspension")).json

    assert (shown["state"], [each["kind"] for each in shown["acts"]]) == ("active", ["suspension-ended", "suspension"])
    assert school.send("Réunion demain soir.", [new_phone()]).status == 202


def test_a_termination_never_ends(ordered_school: SchoolPlayer, operator: Person, new_phone: NewPhone) -> None:
    school = ordered_school
    for _ in range(2):
        ended = operator.post(path(school, "termination"), {"reason": "Manquement grave"})
        assert (ended.status, ended.json["state"]) == (200, "terminated")

    assert operator.delete(path(school, "suspension")).json["code"] == "school-terminated"
    assert operator.post(path(school, "suspension"), {"reason": "Erreur"}).status == 409
    assert school.send("Réunion ce soir.", [new_phone()]).json["code"] == "school-terminated"
    acts = operator.get(f"/v1/schools/{school.uai}").json["acts"]
    assert [(each["kind"], each["by"], each["reason"]) for each in acts] == [
        ("termination", operator.sub, "Manquement grave")
    ]
    assert school.balance() == 500
    [order] = school.orders()
    contract = school.manager.get(f"/v1/orders/{order['id']}").json["contract"]
    assert (contract["ends"], contract["in_force_until"]) == ("terminated", acts[0]["at"])
    assert school.manager.get("/v1/balance").json["contract"] is None


def test_a_school_that_is_terminated_is_offered_its_proofs_of_consent(
    new_school: NewSchool, operator: Person, new_phone: NewPhone
) -> None:
    """§8."""
    school, phone = new_school(), new_phone()
    assert school.consent(phone).status == 200
    operator.post(path(school, "termination"), {"reason": "Manquement grave"})
    [mail] = eventually(lambda: school.mails("Preuves de consentement à conserver"))
    assert "est résilié" in mail["text"]
    answer = school.manager.get("/v1/consents.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert f"'{phone};J'accepte les SMS de l'établissement.;1;formulaire papier;" in answer.body.decode()


def test_a_user_whom_a_manager_stopped_sends_nothing_until_let_again(
    supplied_school: SchoolPlayer, new_phone: NewPhone
) -> None:
    """R25."""
    school, his = supplied_school, f"/v1/blocked-senders/{supplied_school.sender.sub}"
    assert [each["sub"] for each in school.manager.put(his, None).json] == [school.sender.sub]
    refused = school.send("Réunion ce soir.", [new_phone()])
    assert (refused.status, refused.json["code"]) == (403, "sender-blocked")
    assert school.send("Réunion ce soir.", [new_phone()], by=school.manager).status == 202
    assert school.manager.delete(his).status == 204
    assert school.send("Réunion demain soir.", [new_phone()]).status == 202


def test_a_user_is_stopped_whatever_signs_their_sub_is_written_with(school: SchoolPlayer) -> None:
    """R25: the gateway decodes what is in a path, and nothing decodes it again."""
    subs = ["50%", "a%2Fb", "a%252Fb", "a+b c", "Zoé", "https://ent.test/personnes/7"]
    for sub in subs:
        assert school.manager.put(f"/v1/blocked-senders/{quote(sub, safe='')}", None).status == 200
    assert [each["sub"] for each in school.manager.get("/v1/blocked-senders").json] == subs
    for sub in subs:
        assert school.manager.delete(f"/v1/blocked-senders/{quote(sub, safe='')}").status == 204
    assert school.manager.get("/v1/blocked-senders").json == []


def test_a_machine_client_is_named_whatever_signs_its_id_is_written_with(
    school: SchoolPlayer, operator: Person
) -> None:
    """R28."""
    for client_id in ("https://ent.test/sp", "a%2Fb", "50%", "a+b"):
        granted = operator.put(path(school, f"integrations/{quote(client_id, safe='')}"), None).json
        assert [each["client_id"] for each in granted["integrations"]] == [client_id]
        revoked = operator.delete(path(school, f"integrations/{quote(client_id, safe='')}")).json
        assert revoked["integrations"] == []


def test_a_blocked_manager_is_freed_by_another_or_by_the_operator_never_by_themself(
    supplied_school: SchoolPlayer, operator: Person, client: ObservedClient, new_phone: NewPhone
) -> None:
    """R25."""
    school = supplied_school
    second = client.person("second-manager", f"second@{school.uai.lower()}.ecole.test", school.uai, "sms_manager")
    hers = f"/v1/blocked-senders/{school.manager.sub}"

    assert school.manager.put(hers, None).json["code"] == "own-block"
    assert second.put(hers, None).status == 200
    refused = school.manager.delete(hers)
    assert (refused.status, refused.json["code"]) == (403, "sender-blocked")
    assert school.manager.put("/v1/blocked-senders/second-manager", None).json["code"] == "sender-blocked"
    assert school.send("Réunion ce soir.", [new_phone()], by=school.manager).json["code"] == "sender-blocked"
    freed = operator.delete(path(school, hers.removeprefix("/v1/")), {"reason": "La collègue est partie"})
    assert (freed.status, freed.json["blocked_senders"]) == (200, [])
    assert school.send("Réunion ce soir.", [new_phone()], by=school.manager).status == 202


def test_an_address_that_a_manager_added_is_mailed_to_once_its_link_was_followed(
    school: SchoolPlayer, client: ObservedClient
) -> None:
    """R10."""
    head = f"chef@{school.uai.lower()}.ecole.test"
    listed = school.manager.put("/v1/notified", {"addresses": [school.manager.email, head]}).json
    assert [each["state"] for each in listed["items"]] == ["confirmed", "pending"]
    [mail] = eventually(lambda: client.outbox(head))
    path = next(word for word in mail["text"].split() if word.startswith("http")).removeprefix(client.url)

    page = client.call("GET", path)
    assert (page.status, '<form method="post">' in page.body.decode()) == (200, True)
    assert school.manager.get("/v1/notified").json["items"][1]["state"] == "pending"
    page = client.call("POST", path)
    assert (page.status, "Adresse confirmée" in page.body.decode()) == (200, True)
    school.credit(P500=1)
    eventually(lambda: [each["subject"] for each in client.outbox(head)][1:2] == ["Crédit de SMS activé"])
    assert school.manager.get("/v1/notified").json["you_are_notified"]


def test_a_formal_notice_is_mailed_answered_and_lifted_and_stops_nothing(
    ordered_school: SchoolPlayer, operator: Person, new_phone: NewPhone
) -> None:
    """§6."""
    school, notice = ordered_school, path(ordered_school, "formal-notice")
    given = operator.post(notice, {"facts": "Publicité pour une pizzeria", "deadline": "2099-01-31"})
    assert (given.status, given.json["state"]) == (200, "active")
    eventually(lambda: school.mails("Mise en demeure : utilisation du service de SMS"))
    text = school.mails("Mise en demeure : utilisation du service de SMS")[0]["text"]
    assert "Publicité pour une pizzeria" in text
    assert "31 janvier 2099" in text
    assert school.send("Réunion ce soir.", [new_phone()]).status == 202

    answered = operator.post(f"{notice}/answer", {"answer": "Le compte est retiré."}).json
    assert answered["formal_notice"]["answer"] == "Le compte est retiré."
    suspend(operator, school)
    lifted = operator.delete(notice, {"reason": "Mesures suffisantes"}).json

    assert [each["kind"] for each in lifted["acts"]] == [
        "formal-notice-lifted",
        "suspension",
        "formal-notice-answered",
        "formal-notice",
    ]
    assert lifted["acts"][1]["detail"]["given_at"][:19] == given.json["formal_notice"]["given_at"][:19]
    eventually(lambda: school.mails("Mise en demeure levée"))


def test_a_machine_client_acts_for_a_school_only_while_it_is_granted(
    supplied_school: SchoolPlayer, operator: Person, client: ObservedClient, new_phone: NewPhone
) -> None:
    school = supplied_school
    who = {"sub": "pronote-service", "email": "", "school": school.uai, "roles": ["sms_sender"]}
    token = client.call("POST", "/local/tokens", {**who, "client_id": "pronote"}).json["token"]
    machine = Person(client, "pronote-service", "", token)

    assert school.send("Cours annulé.", [new_phone()], by=machine).json["code"] == "integration-not-granted"
    granted = operator.put(path(school, "integrations/pronote"), None).json
    assert [each["client_id"] for each in granted["integrations"]] == ["pronote"]
    assert school.send("Cours annulé.", [new_phone()], by=machine).status == 202
    assert operator.delete(path(school, "integrations/pronote")).json["integrations"] == []
    assert school.send("Cours annulé.", [new_phone()], by=machine).json["code"] == "integration-not-granted"
