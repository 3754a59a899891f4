"""Time travel: a school's whole year and the end of its subscription, in the métropole and in Nouvelle-Calédonie.

Every function runs as deployed, over moto, on one clock. All figures are worked out by hand, beside each send. After
the purge no number and no text, with the names in it, is kept (R38, R43).
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from local.phone_network.network import PhoneNetwork
from schoolsms.domain.errors import TransientError
from schoolsms.domain.french import school_year_in_full
from schoolsms.domain.schools.stock.audits import audit_ledger
from tests.support.builders import MANAGER, SECOND_MANAGER
from tests.support.functions.cloud import Cloud, client
from tests.support.functions.events import event, http
from tests.support.functions.log_privacy import Logs
from tests.support.functions.sample_schools import METROPOLE, NOUVELLE_CALEDONIE, Place
from tests.support.functions.school_life import DAY, HOUR, SchoolLife
from tests.support.functions.stored_data import everything_kept
from tests.support.servers.phone_network_server import KEYS, RECEIPT_SECRET, ReceiptSink, serving

SECOND = timedelta(seconds=1)
WINDOW = timedelta(hours=72)
MANAGERS = [MANAGER, SECOND_MANAGER]
LOW, CREDITED = "Stock de SMS : niveau bas", "Crédit de SMS activé"
AHEAD, PURGED = "Purge de l'historique des SMS le ", "Purge de l'historique des SMS {} : certificat"
ENDING, LOST = "Fin d'abonnement proche : SMS à utiliser", "Fin d'abonnement : SMS perdus"
LONG = " L'autocar attend devant le portail." * 5
"""Takes a text over 160 characters, and not over 306."""


@pytest.fixture
def sink() -> ReceiptSink:
    return ReceiptSink()


@pytest.fixture
def network(tmp_path: Path, sink: ReceiptSink) -> Iterator[str]:
    """OVHcloud's side of the simulated phone network."""
    with serving(sink.application()) as callback:
        phones = PhoneNetwork(tmp_path, callback, lambda: RECEIPT_SECRET, lambda: KEYS)
        with serving(phones.application()) as url:
            yield f"{url}/ovh/1.0"


@pytest.fixture
def life(cloud: Cloud, place: Place, network: str, sink: ReceiptSink, logs: Logs) -> SchoolLife:
    """A school that was just registered, with the consents of all but one phone, and no SMS."""
    logs.private |= {*CANARIES, LATER, place.phone(9)}
    cloud.everybody_consents(False)
    cloud.parameters |= {"OvhEndpoint": network, "SimulatedNetworkUrl": ""}
    cloud.clock.time = place.registered
    made = SchoolLife(cloud, place.uai, sink)
    made.register(**place.registration(place.first_end))
    if place.cost > 1:
        made.authorise(place.country, {place.country: place.cost})
    made.record_consents([place.phone(1), place.phone(2), place.phone(3), place.phone(7), *place.unlucky()])
    return made


CANARIES = [f"Canari {number} du collège" for number in range(1, 7)]
"""The texts of the year, one a request."""
ANSWER = "Canari qui répond"
"""The text of a recipient's reply."""
LATER = "Canari de la rentrée"
"""The text of a request that was accepted in the year and is due in the next one."""


@pytest.mark.parametrize("place", [METROPOLE, NOUVELLE_CALEDONIE], ids=lambda place: place.uai)
def test_a_school_year_from_the_first_order_to_the_end_of_the_subscription(
    life: SchoolLife, place: Place, logs: Logs
) -> None:
    an_order_is_credited_and_invoiced(life, place)
    messages_come_to_their_ends(life, place)
    what_is_stopped_before_it_is_due_goes_back(life, place)
    the_low_level_is_mailed_once_and_an_order_lifts_the_stock(life, place)
    managers_are_mailed_before_the_year_ends_and_an_extension_forfeits_nothing(life, place)
    the_year_ends_while_messages_are_on_their_way(life, place)
    nothing_of_it_is_left_and_the_certificate_counts_all(life, place)
    the_next_year_begins_with_what_was_scheduled_for_it(life, place)
    the_subscription_ends_and_what_is_left_is_forfeited(life, place)
    the_ledger_explains_every_sms(life, place, logs)


def an_order_is_credited_and_invoiced(life: SchoolLife, place: Place) -> None:
    assert life.ask(CANARIES[0], [place.phone(1)])[0] == 402
    life.order(P500=1)
    assert life.balance() == 500
    assert [letter.to for letter in life.mailed(CREDITED)] == MANAGERS
    assert [letter.to for letter in life.mailed("Facture 2026-000001")] == MANAGERS


def messages_come_to_their_ends(life: SchoolLife, place: Place) -> None:
    """6 accepted and debited, 2 released; 1 refused."""
    life.go_to(place.registered + DAY)
    status, answer = life.ask(CANARIES[0], [place.phone(1), place.phone(2), *place.unlucky(), place.phone(9)])
    assert (status, answer["accepted"], answer["cost_sms"]) == (202, 6, 6 * place.cost)
    assert [each["code"] for each in answer["refused"]] == ["no-consent"]
    request = answer["id"]
    known = {"delivered": 2, "undeliverable": 1}
    assert life.statuses(request) == {**known, "failed": 1, "sent": 1, "queued": 1}
    life.answer(place.phone(1), ANSWER)
    assert life.answers() == [ANSWER]

    sent_at = life.now
    life.go_to(sent_at + WINDOW - SECOND)
    window_ended = {**event("expire_messages", "window_ended"), "request_id": request}
    with pytest.raises(TransientError):
        life.cloud.invoke("expire_messages", window_ended)
    assert life.statuses(request) == {**known, "failed": 1, "sent": 1, "queued": 1}
    life.go_to(sent_at + WINDOW)
    assert life.statuses(request) == {**known, "failed": 2, "expired": 1}
    assert life.balance() == 500 - 4 * place.cost


def what_is_stopped_before_it_is_due_goes_back(life: SchoolLife, place: Place) -> None:
    """2 and 1 debited, and all of it released."""
    due = life.now + 10 * DAY
    cancelled = life.send(CANARIES[1], [place.phone(1), place.phone(2)], send_at=due.isoformat())
    withdrawn = life.send(CANARIES[2], [place.phone(3)], send_at=due.isoformat())
    assert life.balance() == 500 - 7 * place.cost
    life.go_to(due - DAY)
    assert life.statuses(cancelled) == {"queued": 2}
    assert life.call("cancel_send_request", "scheduled_request", path={"id": cancelled})[0] == 200
    asked = http("school_api", "withdraw_consent", claims={"school": place.uai}, path={"phone": place.phone(3)})
    assert life.cloud.invoke("school_api", asked)["statusCode"] in (200, 204)
    life.go_to(due)
    assert (life.statuses(cancelled), life.statuses(withdrawn)) == ({"cancelled": 2}, {"cancelled": 1})
    assert life.balance() == 500 - 4 * place.cost


def the_low_level_is_mailed_once_and_an_order_lifts_the_stock(life: SchoolLife, place: Place) -> None:
    """Two SMS to each of three, then one to one."""
    life.go_to(place.registered + 70 * DAY, 30 * DAY)
    assert life.mailed(LOW) == []
    life.send(CANARIES[3] + LONG, [place.phone(1), place.phone(2), place.phone(7)])
    life.send(CANARIES[4], [place.phone(1)])
    assert life.balance() == 500 - 11 * place.cost
    assert [letter.to for letter in life.mailed(LOW)] == MANAGERS

    life.order(P500=1)
    assert life.balance() == 1000 - 11 * place.cost
    assert len(life.mailed(LOW)) == 2


def managers_are_mailed_before_the_year_ends_and_an_extension_forfeits_nothing(life: SchoolLife, place: Place) -> None:
    life.go_to(place.year_end - 35 * DAY, 30 * DAY)
    assert life.mailed(AHEAD) == life.mailed(ENDING) == []
    go_day_by_day_around_the_warnings(life, place.year_end)
    assert life.mailed_on(AHEAD) == [(day, to) for day in place.purge_announced for to in MANAGERS]
    assert life.mailed_on(ENDING) == [(day, to) for day in place.warned for to in MANAGERS]
    life.register(**place.registration(place.last_end))


def the_year_ends_while_messages_are_on_their_way(life: SchoolLife, place: Place) -> None:
    """One receipt comes when the year is over, the other never; another request is due in the new year."""
    life.go_to(place.year_end - 10 * HOUR)
    sent_at, life.hold_receipts = life.now, True
    on_the_way = life.send(CANARIES[5], [place.phone(1), place.phone(4, "02")])
    life.send(LATER, [place.phone(7)], send_at=(place.year_end + 20 * DAY).isoformat())
    for bucket in ("ExportsBucket", "RecipientListsBucket"):
        body = f"{place.phone(1)};{CANARIES[0]}"
        client("s3").put_object(Bucket=life.cloud.reference(bucket), Key=f"{place.uai}/left.csv", Body=body)

    life.go_to(place.year_end - SECOND)
    assert Counter(message["status"] for message in life.history()) == {
        "delivered": 6,
        "undeliverable": 1,
        "expired": 1,
        "failed": 2,
        "cancelled": 3,
        "sent": 2,
    }
    there = kept()
    assert [each for each in old_things(place) if each not in there] == []  # what is looked for can be found
    assert life.answers() == [ANSWER]
    life.go_to(place.year_end)
    assert [message["text"] for message in life.history()] == [LATER]
    assert life.answers() == []

    life.go_to(place.year_end + HOUR)
    assert [(step["done"], step["resume_at"]) for step in life.progress] == [
        (False, f"{sent_at + WINDOW + 10 * SECOND:%Y-%m-%dT%H:%M:%SZ}")
    ]
    life.go_to(place.year_end + 2 * HOUR)
    life.hold_receipts = False
    life.bring_receipts()
    assert stored_statuses(life, on_the_way) == ["delivered", "sent"]
    life.go_to(sent_at + WINDOW)
    assert stored_statuses(life, on_the_way) == ["delivered", "expired"]
    assert (life.mailed(LOST), life.balance()) == ([], 1000 - 14 * place.cost)  # the first end is past
    assert life.mailed(PURGED.format(school_year_in_full(place.label))) == []


def nothing_of_it_is_left_and_the_certificate_counts_all(life: SchoolLife, place: Place) -> None:
    life.go_to(life.now + HOUR, HOUR)
    assert life.progress[-1]["done"]
    [certificate] = life.call("school_api", "purges")[1]["items"]
    digest = certificate.pop("digest")
    canonical = json.dumps(certificate, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(canonical.encode()).hexdigest() == digest
    assert (certificate["school"], certificate["school_year"]) == (place.uai, place.label)
    assert (certificate["first_day"], certificate["last_day"]) == place.days
    times = [place.year_end + HOUR, place.year_end + 62 * HOUR + 10 * SECOND]  # 72 hours of what was sent 10 before
    stamped = [f"{at:%Y-%m-%dT%H:%M:%S.000Z}" for at in times]
    assert [certificate["started_at"], certificate["certified_at"]] == stamped
    assert certificate["before"] == {
        "requests": 6,
        "recipients_refused": 1,
        "sms_debited": (6 + 2 + 1 + 6 + 1 + 2) * place.cost,
        "messages": 15,
        "messages_by_status": {"delivered": 7, "undeliverable": 1, "expired": 2, "failed": 2, "cancelled": 3},
        "replies": 1,
    }
    assert not any(certificate["after"].values())
    letters = life.mailed(PURGED.format(school_year_in_full(place.label)))
    assert [letter.to for letter in letters] == MANAGERS
    assert all(digest in "".join(letter.text.split()) for letter in letters)

    left = kept()
    assert [each for each in old_things(place) if each in left] == []
    assert LATER in left
    consents = [item for item in everything_kept() if "J’accepte" in item]
    assert not any(text in item for item in consents for text in CANARIES)


def the_next_year_begins_with_what_was_scheduled_for_it(life: SchoolLife, place: Place) -> None:
    life.go_to(place.year_end + 21 * DAY, 10 * DAY)
    life.order(P500=1)
    life.send("Bonne rentrée", [place.phone(1)])
    assert [(each["text"], each["status"]) for each in life.history()] == [
        ("Bonne rentrée", "delivered"),
        (LATER, "delivered"),
    ]
    assert life.balance() == 1500 - 15 * place.cost
    assert len(life.mailed(PURGED.format(school_year_in_full(place.label)))) == 2


def the_subscription_ends_and_what_is_left_is_forfeited(life: SchoolLife, place: Place) -> None:
    """A message on its way at the end is released 72 hours later, and forfeited too."""
    assert life.mailed_on(ENDING) == [(day, to) for day in place.warned for to in MANAGERS]
    go_day_by_day_around_the_warnings(life, place.ended)
    days = [*place.warned, *place.warned_again]
    assert life.mailed_on(ENDING) == [(day, to) for day in days for to in MANAGERS]
    life.go_to(place.ended - SECOND)
    busy = life.send("Dernier message", [place.phone(4, "08")])
    left = 1500 - 16 * place.cost
    assert life.balance() == left

    life.go_to(place.ended)
    status, refused = life.ask("Trop tard", [place.phone(1)])
    assert (status, refused["code"]) == (403, "subscription-ended")
    assert life.balance() == 0
    life.go_to(place.ended + 4 * DAY)
    assert (life.statuses(busy), life.balance()) == ({"failed": 1}, 0)
    assert [-entry.amount for entry in life.ledger() if entry.kind == "forfeiture"] == [left, place.cost]
    assert [letter.to for letter in life.mailed(LOST)] == MANAGERS * 2


def the_ledger_explains_every_sms(life: SchoolLife, place: Place, logs: Logs) -> None:
    """Debited: the year, what was scheduled for the next one, one of it, the last message."""
    entries = life.ledger()
    assert audit_ledger(entries, life.cloud.ledger.balance(place.uai)) == []
    life.cloud.invoke("audit_accounts", event("audit_accounts", "every_night"))
    [audited] = logs.lines("accounts audited")
    assert (audited["schools"], audited["findings"], audited["done"]) == (1, 0, True)
    sums: Counter[str] = Counter()
    for entry in entries:
        sums[entry.kind] += entry.amount
    assert sums == {
        "credit": 1500,
        "debit": -(18 + 1 + 1 + 1) * place.cost,
        "release": (2 + 2 + 1 + 1) * place.cost,
        "forfeiture": -(1500 - 15 * place.cost),
    }
    invoices = life.call("school_api", "invoices")[1]["items"]
    assert sorted(each["number"] for each in invoices) == ["2026-000001", "2026-000002", "2027-000001"]
    assert len({each["order_id"] for each in invoices}) == 3
    assert len(life.mailed(LOW)) == len(MANAGERS)


def go_day_by_day_around_the_warnings(life: SchoolLife, end: datetime) -> None:
    """At noon there, from 32 to 28 and from 9 to 5 days before."""
    for days in (30, 7):
        life.go_to(end - (days + 2) * DAY + 12 * HOUR, 30 * DAY)
        life.go_to(end - (days - 2) * DAY + 12 * HOUR)


def stored_statuses(life: SchoolLife, request_id: str) -> list[str]:
    """Of a year that ended, when nobody is shown them any more."""
    assert life.call("school_api", "send_request", path={"id": request_id})[0] == 404
    return [state.status for state in life.cloud.requests.states(request_id).values()]


def old_things(place: Place) -> list[str]:
    """The texts and the numbers of the year that ended."""
    numbers = [place.phone(1), place.phone(2), place.phone(3), place.phone(9), *place.unlucky()]
    return [*CANARIES, ANSWER, *(number.removeprefix("+") for number in numbers)]


def kept() -> str:
    """All there is but the consents, which are no history (R44)."""
    return "\n".join(everything_kept(but=["ConsentsTable"]))
