"""The walls around a school: for every route of the template, who must not pass, and that nothing changed (R2, R28).

A route that the template gets is held to its example in `isolation_examples.py`; one without an example fails here.
"""

import json
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from local.openapi.routes import routes
from local.players.client import Answer, Person, eventually
from local.players.school import SchoolPlayer
from local.stack.process import Stack
from schoolsms.domain.history.history_messages import HistorySearch
from schoolsms.domain.schools.access import Role
from tests.support.journeys.isolation_examples import CONSENT, EXAMPLES, THINGS, Example
from tests.support.journeys.observed import ObservedClient, PersonalData
from tests.support.journeys.provider_side import aws

CANARY = "Chorale Q7XZWV"
STRANGE = "mallory.dupuis"
NOBODY, ELSEWHERE = "nobody at all", "manager of another school"
ASKING_AT_ONCE = 4


ROUTES = {route.key: route for route in routes()}
GUARDED = sorted(key for key, route in ROUTES.items() if route.roles)
OPEN = sorted(key for key, route in ROUTES.items() if not route.roles)


def example_of(key: str) -> Example:
    assert key in EXAMPLES, f"say in isolation_examples.py what a stranger would ask of {key}"
    return EXAMPLES[key]


def about_the_caller(key: str) -> bool:
    """Whether the route knows no other school than the caller's."""
    return least_role(key) != "operator" and key in EXAMPLES and not EXAMPLES[key].names


def least_role(key: str) -> Role:
    """The smallest role that may use the route."""
    order: tuple[Role, ...] = ("sms_sender", "sms_manager", "operator")
    return next(role for role in order if role in ROUTES[key].roles)


@dataclass(frozen=True)
class World:
    """A school that has something of everything, another school, and who tries."""

    stack: Stack
    client: ObservedClient
    school: SchoolPlayer
    other: SchoolPlayer
    things: dict[str, str]
    strangers: Mapping[str, Person]

    def ask(self, key: str, token: str | None) -> Answer:
        example = example_of(key)
        path, body = example.filled({name: quote(thing) for name, thing in self.things.items()})
        _, body = example.filled(self.things)
        return self.client.call(ROUTES[key].method, path, body, token=token)

    def given_away(self, example: Example, answer: Answer) -> list[str]:
        """Data of the school in an answer that the request did not contain."""
        said = json.dumps([example.path, example.body])
        known = {thing for name, thing in self.things.items() if f"{{{name}}}" in said}
        marks = {*self.things.values(), CANARY, self.school.manager.email} - known
        text = answer.body.decode(errors="replace")
        return sorted(mark for mark in marks if mark in text or quote(mark) in text)

    def kept(self) -> dict[str, str]:
        """All that is stored about the school, in tables and buckets, by its key."""
        marks = {*self.things.values(), CANARY}
        return {
            key: item
            for key, item in stored(self.stack).items()
            if any(mark in key + item for mark in marks) and self.other.uai not in key + item
        }


def stored(stack: Stack) -> dict[str, str]:
    """Every item and every object of a stack."""
    found = {}
    dynamodb, s3 = aws(stack, "dynamodb"), aws(stack, "s3")
    for table in dynamodb.list_tables()["TableNames"]:
        for page in dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
            for item in page["Items"]:
                found[f"{table} {item['pk']['S']} {item['sk']['S']}"] = json.dumps(
                    item, sort_keys=True, default=repr, ensure_ascii=False
                )
    for bucket in s3.list_buckets()["Buckets"]:
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket["Name"]):
            for each in page.get("Contents", []):
                found[f"{bucket['Name']} {each['Key']}"] = each["ETag"]
    return found


@pytest.fixture(scope="module")
def world(stack: Stack, personal: PersonalData, operator: Person, new_school: Callable[[], SchoolPlayer]) -> World:
    client = ObservedClient(stack.url, stack.smtp_port, personal)  # sends only the requests of this test
    school, other = new_school(), new_school()
    school.credit(P500=1)
    things = {**furnished(school, operator), "export": an_export(stack, school)}
    assert set(things) == set(THINGS)

    def person(**token: Any) -> Person:
        who = {"sub": STRANGE, "email": f"{STRANGE}@intrus.test", "school": "", **token}
        return Person(client, STRANGE, who["email"], client.call("POST", "/local/tokens", who).json["token"])

    both = ["sms_manager", "sms_sender"]
    strangers = {
        "manager of another school": person(school=other.uai, roles=both),
        "sender of another school": person(school=other.uai, roles=["sms_sender"]),
        "client of the school, at another": person(school=other.uai, roles=both, client_id=things["client"]),
        "manager": person(school=school.uai, roles=both),
        "sender": person(school=school.uai, roles=["sms_sender"]),
        "client without a grant": person(school=school.uai, roles=both, client_id="intrus"),
        "manager of no school": person(roles=both),
        "nobody": person(school=school.uai, roles=[]),
    }
    return World(stack, client, school, other, things, strangers)


def furnished(school: SchoolPlayer, operator: Person) -> dict[str, str]:
    """Something of everything, and nothing of it under way any more."""
    phone, other_phone = "+33612777810", "+33612777811"
    for each in (phone, other_phone):
        consent = {**CONSENT, "wording": f"{CANARY} : j'accepte."}
        assert school.manager.put(f"/v1/consents/{quote(each)}", consent).status == 201
    recipients = [{"phone": phone, "variables": {"groupe": CANARY}}]
    sent = school.sender.post("/v1/send-requests", {"text": "Répétition : ((groupe)).", "recipients": recipients})
    due = (datetime.now(UTC) + timedelta(days=9)).isoformat()
    later = {"text": f"Concert de {CANARY}.", "recipients": [{"phone": other_phone}], "send_at": due}
    scheduled = school.sender.post("/v1/send-requests", later)
    for name in ("Absence Q7", "Cantine Q7"):
        assert school.manager.put(f"/v1/templates/{quote(name)}", {"text": f"{CANARY} : ((texte))."}).status == 201
    opened = school.sender.post("/v1/recipient-lists", None).json
    assert school.client.upload(opened, b"portable\n0639980001") == 204
    school_path = f"/v1/schools/{school.uai}"
    assert operator.put(f"{school_path}/integrations/pronote-q7", None).status == 200
    abroad = {"sending_country": "FR", "destinations": {"BE": {"multiplier": 2}}}
    assert operator.put(f"{school_path}/destinations", abroad).status == 200
    [credited] = school.orders()
    [invoice] = eventually(lambda: school.manager.all("/v1/invoices"))
    mallory = f"{STRANGE}@intrus.test"
    school.mail(school.signed_form({"contact_email": mallory}, P1000=1), sender=mallory)
    eventually(lambda: len(school.orders()) == 2)
    eventually(lambda: any(order["state"] == "review" for order in school.orders()))
    [reviewed] = [order for order in school.orders() if order["state"] == "review"]
    eventually(lambda: school.client.outbox(mallory))
    eventually(lambda: school.statuses(sent.json["id"]) == {phone: "delivered"})
    return {
        "uai": school.uai,
        "order": str(credited["id"]),
        "reviewed_order": str(reviewed["id"]),
        "invoice": str(invoice["number"]),
        "request": str(sent.json["id"]),
        "scheduled_request": str(scheduled.json["id"]),
        "template": "Absence Q7",
        "other_template": "Cantine Q7",
        "list": str(opened["id"]),
        "phone": phone,
        "other_phone": other_phone,
        "client": "pronote-q7",
    }


def an_export(stack: Stack, school: SchoolPlayer) -> str:
    """Of a history too long to be answered at once, as it is kept when it was asked for."""
    s3, name = aws(stack, "s3"), "EXPORTQAAAAAAA"
    [bucket] = [each["Name"] for each in s3.list_buckets()["Buckets"] if "-exports-" in each["Name"]]
    [order] = [each for each in school.orders() if each["state"] == "credited"]
    year = school.manager.get(f"/v1/orders/{order['id']}").json["contract"]["school_year"]
    begun = {"id": name, "school": school.uai, "school_year": year, "search": asdict(HistorySearch())}
    state = {**begun, "state": "running", "cursor": "", "rows": 0, "upload": "", "parts": []}
    s3.put_object(Bucket=bucket, Key=f"{school.uai}/{name}.json", Body=json.dumps(state).encode())
    assert school.manager.get(f"/v1/exports/{name}").status == 200
    return name


def test_every_route_has_an_example_and_every_example_a_route() -> None:
    assert set(EXAMPLES) <= set(ROUTES)
    for key, route in ROUTES.items():
        pattern = re.sub(r"\{[a-z_]+\}", "[^/]+", route.template)
        assert re.fullmatch(pattern, example_of(key).path.partition("?")[0]), key


@dataclass(frozen=True)
class Attempts:
    """Answers to callers who must not pass, by route and name; stored data before and after."""

    answers: Mapping[str, Mapping[str, Answer]]
    before: Mapping[str, str]
    after: Mapping[str, str]


@pytest.fixture(scope="module")
def attempts(world: World) -> Attempts:
    """Every stranger at every route; reading first."""

    def of(route: str) -> dict[str, Answer]:
        return {name: world.ask(route, token) for name, token in trying(world, route).items()}

    before = world.kept()
    answers: dict[str, Mapping[str, Answer]] = {}
    reading = [key for key, route in ROUTES.items() if route.method == "GET"]
    changing = [key for key in ROUTES if key not in reading]
    with ThreadPoolExecutor(ASKING_AT_ONCE) as pool:
        for keys in (reading, changing):  # else a stranger would read what they themselves put into their school
            answers |= dict(zip(keys, pool.map(of, keys), strict=True))
    return Attempts(answers, before, world.kept())


def trying(world: World, route: str) -> dict[str, str | None]:
    """Tokens of callers who must not pass, and of a manager who sees only another school, by name."""
    if route in OPEN:
        return {NOBODY: None}
    names = [*refusals(route), *([ELSEWHERE] if about_the_caller(route) else [])]
    return {name: world.strangers[name].token for name in names} | {NOBODY: None}


def test_nothing_that_the_school_has_changed(attempts: Attempts) -> None:
    assert attempts.before
    assert attempts.after == attempts.before


@pytest.mark.parametrize("route", GUARDED)
def test_nobody_passes_who_must_not(world: World, attempts: Attempts, route: str) -> None:
    example, answers = example_of(route), attempts.answers[route]
    expected = refusals(route) | {NOBODY: {401}}

    assert {name: answers[name].status for name in expected if answers[name].status not in expected[name]} == {}
    assert {name: world.given_away(example, answers[name]) for name in expected} == dict.fromkeys(expected, [])


def refusals(key: str) -> dict[str, set[int]]:
    """Allowed statuses of answers to each stranger."""
    nobodies = dict.fromkeys(("client without a grant", "manager of no school", "nobody"), {403})
    least = least_role(key)
    if least == "operator":
        refused = ("manager of another school", "sender of another school", "manager", "sender")
        return nobodies | dict.fromkeys((*refused, "client of the school, at another"), {403})
    lower = {"sender of another school": {403}, "sender": {403}} if least == "sms_manager" else {}
    strangers = {"client of the school, at another": {403}}
    if example_of(key).names:
        strangers["manager of another school"] = {403, 404}
        lower = lower or {"sender of another school": {403, 404}}
    return nobodies | strangers | lower


@pytest.mark.parametrize("route", [route for route in GUARDED if about_the_caller(route)])
def test_another_school_learns_nothing_of_this_one(world: World, attempts: Attempts, route: str) -> None:
    """On a route without a school in its path, the answer is about the caller's own."""
    answer = attempts.answers[route][ELSEWHERE]

    assert answer.status < 500
    assert world.given_away(example_of(route), answer) == []


@pytest.mark.parametrize("route", OPEN)
def test_a_caller_without_a_token_learns_nothing(world: World, attempts: Attempts, route: str) -> None:
    example, answer = example_of(route), attempts.answers[route][NOBODY]

    assert answer.status in ({401, 403, 404, 410} if example.names else {200})
    assert world.given_away(example, answer) == []
