"""Bodies are read strictly, and errors are explained in French without repeating the value (R46)."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from schoolsms.api.bodies.acts import DestinationsBody
from schoolsms.api.bodies.history import HistoryQuery
from schoolsms.api.bodies.operator import DecisionBody, SchoolBody
from schoolsms.api.bodies.sending import EstimateBody, SendRequestBody
from schoolsms.api.json_bodies import read_json
from schoolsms.api.problems import problems_of
from schoolsms.domain.schools.schools import Address, Manager
from schoolsms.domain.sending.recipients import Recipient
from schoolsms.domain.sending.templates import TemplateNamed

UAI = "0750655E"
SCHOOL: dict[str, Any] = {
    "name": "Lycée Paul Valéry",
    "siret": "732 829 320 00074",
    "address": {"line1": "1 rue des Écoles", "postcode": "75005", "city": "Paris", "country": "FR"},
    "managers": [{"name": "Marie Durand", "email": "marie.durand@lycee.test"}],
    "subscription_end": "2027-08-31",
}


ABROAD: dict[str, Any] = {
    "sending_country": "FR",
    "destinations": {"BE": {"multiplier": 2}},
    "tariff": {"text": "Belgique, HT par SMS", "prices": {"BE": "PRICE"}},
}


def read(**changes: Any) -> SchoolBody:
    return SchoolBody.model_validate_json(json.dumps({**SCHOOL, **changes}))


def wrong(model: type[BaseModel], body: Any) -> list[dict[str, str]]:
    with pytest.raises(ValidationError) as refused:
        model.model_validate_json(body if isinstance(body, str) else json.dumps(body))
    return problems_of(refused.value)


def wrong_fields(**changes: Any) -> set[str]:
    return {problem["field"] for problem in wrong(SchoolBody, {**SCHOOL, **changes})}


# ------------------------------------------------------------------ schools


def test_a_school_is_read_with_the_defaults_of_its_territory() -> None:
    school = read().school(UAI)
    assert (school.uai, school.name, school.siret) == (UAI, "Lycée Paul Valéry", "73282932000074")
    assert school.address == Address("1 rue des Écoles", "75005", "Paris", "FR")
    assert school.managers == (Manager("Marie Durand", "marie.durand@lycee.test"),)
    assert school.subscription_end == date(2027, 8, 31)
    assert (school.country, school.calendar, school.vat_rate) == ("FR", "metropole", Decimal("20"))
    assert (school.low_balance_threshold, school.sender_name, school.daily_limit) == (100, None, None)
    assert school.state == "active"


@pytest.mark.parametrize(
    ("uai", "country", "calendar", "vat"),
    [
        ("9740001A", "RE", "reunion", "8.5"),
        ("9830002K", "NC", "nouvelle-caledonie", "0"),
        ("9760001X", "YT", "mayotte", "0"),
    ],
)
def test_a_school_overseas_has_its_own_defaults(uai: str, country: str, calendar: str, vat: str) -> None:
    """R40: the VAT in force for that school."""
    school = read().school(uai)
    assert (school.country, school.calendar, school.vat_rate) == (country, calendar, Decimal(vat))


def test_what_the_operator_sets_wins_over_defaults() -> None:
    school = read(
        country="MF", vat_rate="0", calendar="guyane", sender_name="Lycee75", low_balance_threshold=0, daily_limit=1
    ).school(UAI)
    assert (school.country, school.vat_rate, school.calendar) == ("MF", Decimal(0), "guyane")
    assert (school.sender_name, school.low_balance_threshold, school.daily_limit) == ("Lycee75", 0, 1)


def test_the_vat_follows_the_country_that_is_set() -> None:
    assert read(country="GP").school(UAI).vat_rate == Decimal("8.5")


@pytest.mark.parametrize(
    ("written", "kept"), [("2e1", "20.00"), ("20", "20"), ('"8.5"', "8.5"), ('"8.500"', "8.50"), ("0e-30", "0.00")]
)
def test_an_amount_is_kept_without_an_exponent(written: str, kept: str) -> None:
    body = json.dumps({**SCHOOL, "vat_rate": "RATE"}).replace('"RATE"', written)
    assert str(SchoolBody.model_validate(read_json(body.encode())).vat_rate) == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [('"0.0825"', "0.0825"), ("0.0825", "0.0825"), ("8.25e-2", "0.0825"), ('"0.000001"', "0.000001"), ("2e1", "20")],
)
def test_a_price_abroad_is_kept_exactly(written: str, kept: str) -> None:
    """§7: below the cent too, and whatever way JSON writes it."""
    body = json.dumps(ABROAD).replace('"PRICE"', written)
    tariff = DestinationsBody.model_validate(read_json(body.encode())).tariff
    assert tariff is not None
    assert tariff.tariff().prices == {"BE": Decimal(kept)}


@pytest.mark.parametrize("written", ['"0.0000001"', "0.08250001", '"-0.01"', '"1000.01"', '"1e-2"', "true", '"0,08"'])
def test_a_price_abroad_is_never_rounded_nor_guessed(written: str) -> None:
    body = json.dumps(ABROAD).replace('"PRICE"', written)
    with pytest.raises(ValidationError) as refused:
        DestinationsBody.model_validate(read_json(body.encode()))
    [problem] = problems_of(refused.value)
    assert problem["field"] == "tariff.prices.BE"
    if "0000001" in written or "00001" in written:
        assert problem["detail"] == "Six décimales au plus."


@pytest.mark.parametrize("field", ["name", "siret", "address", "managers", "subscription_end"])
def test_each_required_field_is_named_when_it_lacks(field: str) -> None:
    body = {name: value for name, value in SCHOOL.items() if name != field}
    assert wrong(SchoolBody, body) == [{"field": field, "code": "missing", "detail": "Ce champ est obligatoire."}]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "   "),
        ("name", "x" * 201),
        ("siret", "73282932000075"),
        ("siret", "732829320"),
        ("siret", "732829320000７4"),
        ("siret", "٧٣٢٨٢٩٣٢٠٠٠٠٧٤"),
        ("siret", ""),
        ("siret", "00000000000000"),
        ("managers", []),
        ("subscription_end", "31/08/2027"),
        ("subscription_end", "2027-02-30"),
        ("calendar", "corse"),
        ("low_balance_threshold", -1),
        ("low_balance_threshold", 1.5),
        ("daily_limit", 0),
        ("vat_rate", "-1"),
        ("vat_rate", "101"),
        ("vat_rate", "8.555"),
        ("vat_rate", "NaN"),
        ("country", "fr"),
        ("country", "FRA"),
        ("country", "XX"),
        ("sender_name", "Lycée 75"),
        ("sender_name", "12345"),
        ("sender_name", "DouzeLettres"),
        ("sender_name", ""),
    ],
)
def test_what_is_wrong_is_named(field: str, value: Any) -> None:
    assert wrong_fields(**{field: value}) == {field}


@pytest.mark.parametrize(
    "email",
    [
        "élise@lycee.test",
        "a@b..c",
        "a\x00@b.fr",
        "marie@lycée.teſt",
        "",
        "x",
        "x@y",
        "@y.fr",
        "x@",
        "x @y.fr",
        "<x@y.fr>",
        "x@y.fr,z@y.fr",
        "a@b@c.fr",
        "x@y.fr\nBcc: z@y.fr",
    ],
)
def test_an_address_that_is_none_is_refused(email: str) -> None:
    assert wrong_fields(managers=[{"name": "M", "email": email}]) == {"managers.0.email"}


def test_an_address_is_in_a_country_that_exists() -> None:
    assert wrong_fields(address={**SCHOOL["address"], "country": "XX"}) == {"address.country"}


def test_an_unknown_field_is_refused_not_ignored() -> None:
    """R3 too: a request that carries media is refused explicitly."""
    assert wrong_fields(subscription_ends="2027-08-31") == {"subscription_ends"}
    assert wrong_fields(state="active") == {"state"}
    body = {"text": "a", "recipients": [{"phone": "0612345678"}], "media": ["https://a.test/cat.gif"]}
    assert [problem["field"] for problem in wrong(SendRequestBody, body)] == ["media"]


# ------------------------------------------------------------------ send requests


def test_a_send_request_is_read() -> None:
    command = SendRequestBody.model_validate_json(
        '{"text":"Bonjour ((nom))","recipients":[{"phone":"06 12 34 56 78","variables":{"nom":"Léa"}},{"phone":"x"}]}'
    ).command()
    assert (command.wording, command.encoding, command.send_at) == ("Bonjour ((nom))", "auto", None)
    assert [Recipient(each.phone, dict(each.variables)) for each in command.recipients] == [
        Recipient("06 12 34 56 78", {"nom": "Léa"}),
        Recipient("x", {}),
    ]


ONE = [{"phone": "0612345678"}]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"recipients": ONE}, ""),
        ({"text": "a", "template": "b", "recipients": ONE}, ""),
        ({"text": "", "recipients": ONE}, "text"),
        ({"text": "a" * 5_001, "recipients": ONE}, "text"),
        ({"text": 12, "recipients": ONE}, "text"),
        ({"text": "a"}, ""),
        ({"text": "a", "recipients": ONE, "recipient_list": "LISTAAAAAAAAAA"}, ""),
        ({"text": "a", "recipients": ONE, "confirm_duplicates": "no"}, "confirm_duplicates"),
        ({"text": "a", "recipients": []}, "recipients"),
        ({"text": "a", "recipients": "0612345678"}, "recipients"),
        ({"text": "a", "recipients": ["0612345678"]}, "recipients.0"),
        ({"text": "a", "recipients": [{"phone": 612345678}]}, "recipients.0.phone"),
        ({"text": "a", "recipients": [{"phone": "1" * 65}]}, "recipients.0.phone"),
        ({"text": "a", "recipients": [{"phone": "1", "variables": {"a": 1}}]}, "recipients.0.variables.a"),
        ({"text": "a", "recipients": [{"phone": "1", "variables": {"a": None}}]}, "recipients.0.variables.a"),
        ({"text": "a", "recipients": ONE, "encoding": "gsm7"}, "encoding"),
        ({"text": "a", "recipients": ONE, "unknown": 1}, "unknown"),
    ],
)
def test_what_is_wrong_with_a_send_request_is_named(body: Any, field: str) -> None:
    assert [problem["field"] for problem in wrong(SendRequestBody, body)] == [field]


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-11-23T18:00:00+01:00", datetime(2026, 11, 23, 17, tzinfo=UTC)),
        ("2026-11-23T18:00:00Z", datetime(2026, 11, 23, 18, tzinfo=UTC)),
        ("2026-11-23T18:00", datetime.fromisoformat("2026-11-23T18:00")),  # the use case knows the school's clock
    ],
)
def test_an_instant_to_send_at_is_in_utc_unless_it_names_no_zone(written: str, instant: datetime) -> None:
    """R29."""
    command = SendRequestBody.model_validate({"text": "a", "recipients": ONE, "send_at": written}).command()
    assert command.send_at == instant
    assert EstimateBody.model_validate({"text": "a", "send_at": written}).command().send_at == instant


@pytest.mark.parametrize(
    "written", ["demain", "2026-11-24", "", 1795424400, None, True, "0001-01-01T00:00:00+14:00", "2026-11-23T25:00"]
)
def test_what_is_no_instant_is_named(written: Any) -> None:
    (problem,) = wrong(SendRequestBody, {"text": "a", "recipients": ONE, "send_at": written})
    assert problem["field"] == "send_at"
    assert "2026-11-23T18:00:00+01:00" in problem["detail"]


def test_a_template_and_a_list_are_named() -> None:
    body = {"template": "Absence", "recipient_list": "LISTAAAAAAAAAA", "confirm_duplicates": True}
    command = SendRequestBody.model_validate(body).command()
    assert (command.wording, command.recipient_list) == (TemplateNamed("Absence"), "LISTAAAAAAAAAA")
    assert (list(command.recipients), command.confirm_duplicates) == ([], True)


def test_ten_thousand_recipients_are_the_most() -> None:
    body = {"text": "a", "recipients": [{"phone": "1"}] * 10_000}
    assert len(SendRequestBody.model_validate(body).command().recipients) == 10_000
    assert [each["code"] for each in wrong(SendRequestBody, {**body, "recipients": [{"phone": "1"}] * 10_001})] == [
        "too_long"
    ]


@pytest.mark.parametrize("body", ["", "{", "text=a", "\x00", '{"text": "a",}'])
def test_what_is_no_json_says_so(body: str) -> None:
    (problem,) = wrong(SendRequestBody, body)
    assert problem["code"] == "json_invalid"


@pytest.mark.parametrize("body", ["[]", "null", '"text"', "12"])
def test_json_that_is_no_object_is_refused(body: str) -> None:
    assert wrong(SendRequestBody, body)


# ------------------------------------------------------------------ the history's query


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-11-23", date(2026, 11, 23)),
        ("2026-11-23T10:30:00Z", datetime(2026, 11, 23, 10, 30, tzinfo=UTC)),
        ("2026-11-23T10:30:00", datetime(2026, 11, 23, 10, 30, tzinfo=UTC)),
        ("2026-11-23T10:30:00+01:00", datetime(2026, 11, 23, 9, 30, tzinfo=UTC)),
        ("2026-11-23T00:00:00Z", datetime(2026, 11, 23, tzinfo=UTC)),
    ],
)
def test_a_day_stays_a_day_and_an_instant_is_itself(written: str, read: date | datetime) -> None:
    """Which instants a day has depends on where the school is."""
    search = HistoryQuery.model_validate({"from": written, "to": written}).search()
    assert (search.since, search.until) == (read, read)
    assert type(search.since) is type(read)


def test_an_empty_query_looks_for_everything() -> None:
    search = HistoryQuery.model_validate({}).search()
    assert (search.since, search.until, search.phone, search.status, search.author) == (None, None, None, None, None)


def test_parameters_of_no_meaning_are_ignored_in_a_query() -> None:
    assert HistoryQuery.model_validate({"utm_source": "mail"}).search().phone is None


@pytest.mark.parametrize("written", ["hier", "23/11/2026", "2026-13-01", ""])
def test_a_malformed_date_is_explained_in_french(written: str) -> None:
    with pytest.raises(ValidationError) as refused:
        HistoryQuery.model_validate({"from": written})
    assert {problem["detail"] for problem in problems_of(refused.value)} == {
        "Une date de la forme AAAA-MM-JJ est attendue."
    }


@pytest.mark.parametrize("name", ["Collège\x00Éluard", "Collège\nÉluard", "Coll\x7fège"])
def test_a_name_of_several_lines_or_with_control_characters_is_refused(name: str) -> None:
    assert {problem["field"] for problem in wrong(SchoolBody, {**SCHOOL, "name": name})} == {"name"}


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ('{"decision": "accept", "packs": {"P1000": -1}}', ["packs.P1000"]),
        ('{"decision": "accept"}', ["packs"]),
        ('{"decision": "accept", "packs": {}, "accept": 1}', ["accept"]),
        ('{"decision": "reject", "reason": ""}', ["reason"]),
        ('{"decision": "wait"}', ["decision"]),
        ('{"packs": {}}', ["decision"]),
    ],
)
def test_what_is_wrong_with_a_decision_is_named_as_in_the_body(body: str, fields: list[str]) -> None:
    with pytest.raises(ValidationError) as wrong:
        DecisionBody.model_validate_json(body)
    assert [each["field"] for each in problems_of(wrong.value)] == fields
