"""Every way a simulated phone behaves, and what becomes of the message and of the stock (R30, R33-R35)."""

from collections.abc import Callable

from local.players.client import eventually
from local.players.school import SchoolPlayer

NewPhone = Callable[..., str]
TEXT = "La réunion de rentrée aura lieu mardi à 18 heures."

STATUSES = {
    "01": "undeliverable",
    "02": "sent",  # for ever: no receipt comes
    "03": "delivered",
    "04": "failed",
    "05": "delivered",  # uncertain at first: the receipt settles it
    "06": "delivered",
    "07": "delivered",  # by the secondary provider
    "08": "queued",  # offered again and again until the window ends
    "09": "delivered",
    "10": "delivered",
}
REACHED = {"02": 1, "03": 1, "05": 1, "06": 1, "07": 1, "09": 1, "10": 1, "01": 0, "04": 0, "08": 0}


def test_each_number_ends_as_it_behaves_and_no_phone_gets_an_sms_twice(
    supplied_school: SchoolPlayer, new_phone: NewPhone
) -> None:
    school = supplied_school
    phones = {behaviour: new_phone(behaviour) for behaviour in STATUSES}
    answer = school.send(TEXT, list(phones.values()))
    assert answer.status == 202, answer.body
    assert answer.json["cost_sms"] == len(phones)

    expected = {phones[behaviour]: status for behaviour, status in STATUSES.items()}
    seen: set[str] = set()

    def settled() -> bool:
        statuses = school.statuses(answer.json["id"])
        seen.add(statuses[phones["05"]])
        return statuses == expected

    eventually(settled)
    assert seen <= {"queued", "uncertain", "delivered"}
    assert {behaviour: len(school.client.phone(phone)) for behaviour, phone in phones.items()} == REACHED
    assert [sms["provider"] for sms in school.client.phone(phones["07"])] == ["aws"]
    assert school.totals(answer.json["id"]) == {"undeliverable": 1, "sent": 1, "failed": 1, "queued": 1, "delivered": 6}
    # Refused by the provider: back in stock. Unreachable: consumed (R30).
    assert school.balance() == 500 - len(phones) + 1
    assert [entry["kind"] for entry in school.ledger()] == ["release", "debit", "correction"]


def test_what_the_primary_provider_does_not_take_arrives_by_the_secondary_at_once(
    supplied_school: SchoolPlayer, new_phone: NewPhone
) -> None:
    """R32; while what every provider turns away waits, and is not lost."""
    school = supplied_school
    diverted, waiting = [new_phone("07") for _ in range(20)], new_phone("08")
    request = school.send(TEXT, [*diverted, waiting]).json["id"]

    eventually(lambda: school.statuses(request) == {**dict.fromkeys(diverted, "delivered"), waiting: "queued"})
    assert [[sms["provider"] for sms in school.client.phone(phone)] for phone in diverted] == [["aws"]] * 20
    assert school.client.phone(waiting) == []
    assert school.balance() == 500 - 21


def test_a_test_number_is_simulated_and_free(supplied_school: SchoolPlayer) -> None:
    school = supplied_school
    answer = school.send(TEXT, ["06 39 98 10 20"])
    assert (answer.status, answer.json["cost_sms"]) == (202, 0)

    eventually(lambda: school.statuses(answer.json["id"]) == {"+33639981020": "delivered"})
    [sms] = school.client.phone("+33639981020")
    assert (sms["text"], sms["provider"]) == (TEXT, "simulated")
    assert school.balance() == 500


def test_the_sms_reads_as_it_was_counted(supplied_school: SchoolPlayer, new_phone: NewPhone) -> None:
    school = supplied_school
    school.register(sender_name="ECOLE75")
    gsm, unicode = new_phone(), new_phone()
    body = {
        "text": "((texte))",
        "recipients": [
            {"phone": gsm, "variables": {"texte": "é" * 161}},
            {"phone": unicode, "variables": {"texte": "ê" * 71}},
        ],
    }
    answer = school.sender.post("/v1/send-requests", body)
    assert (answer.status, answer.json["cost_sms"]) == (202, 4)

    [sms] = eventually(lambda: school.client.phone(gsm))
    assert (sms["encoding"], sms["parts"], sms["sender"]) == ("gsm", 2, "ECOLE75")
    [sms] = eventually(lambda: school.client.phone(unicode))
    assert (sms["encoding"], sms["parts"]) == ("unicode", 2)


def test_300_recipients_in_one_request_are_one_debit_and_300_sms(
    supplied_school: SchoolPlayer, new_phone: NewPhone
) -> None:
    school = supplied_school
    phones = [new_phone() for _ in range(300)]
    answer = school.send(TEXT, phones)
    assert (answer.status, answer.json["accepted"], answer.json["cost_sms"]) == (202, 300, 300)

    eventually(lambda: school.totals(answer.json["id"]) == {"delivered": 300})
    assert all(len(school.client.phone(phone)) == 1 for phone in phones)
    assert [entry["amount"] for entry in school.ledger()] == [-300, 500]
    history = school.history()
    assert len(history) == 300
    assert {each["phone"] for each in history} == set(phones)


def test_the_history_is_searched_by_number_status_author_and_date(
    supplied_school: SchoolPlayer, new_phone: NewPhone
) -> None:
    school = supplied_school
    silent, ordinary = new_phone("02"), new_phone()
    first = school.send(TEXT, [silent, ordinary]).json["id"]
    second = school.send("Le conseil de classe est avancé.", [ordinary], by=school.manager).json["id"]
    eventually(lambda: school.statuses(first) == {silent: "sent", ordinary: "delivered"})
    eventually(lambda: school.statuses(second) == {ordinary: "delivered"})

    def found(**query: str) -> set[tuple[str, str]]:
        return {(each["request_id"], each["phone"]) for each in school.history(**query)}

    assert found(phone=ordinary) == {(first, ordinary), (second, ordinary)}
    assert found(phone="0" + ordinary.removeprefix("+33")) == found(phone=ordinary)
    assert found(status="sent") == {(first, silent)}
    assert found(author=school.manager.email) == {(second, ordinary)}
    assert found(**{"from": "2020-01-01", "to": "2020-12-31"}) == set()
    assert found(**{"from": "2020-01-01"}) == {(first, silent), (first, ordinary), (second, ordinary)}
