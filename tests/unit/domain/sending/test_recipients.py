"""How recipients as posted become lines or refusals (R19-R24)."""

import pytest

from schoolsms.domain.sending.recipients import MOST_WARNINGS, Recipient, draft, unknown_variables, with_consent
from schoolsms.domain.texts.typography import EncodingMode

PHONE = "06 12 00 00 01"


def codes(text: str, recipients: list[Recipient], mode: EncodingMode = "auto") -> list[tuple[int, str]]:
    return [(refusal.index, refusal.code) for refusal in draft(text, mode, recipients)[1]]


def test_two_children_of_one_parent_make_two_messages() -> None:
    lines, refusals = draft("((x)) est absent", "auto", [Recipient(PHONE, {"x": name}) for name in ("Léa", "Tom")])
    assert [line.text for line in lines] == ["Léa est absent", "Tom est absent"]
    assert {line.phone for line in lines} == {"+33612000001"}
    assert refusals == []


def test_the_same_text_to_the_same_number_is_a_duplicate_however_it_is_written() -> None:
    recipients = [
        Recipient(PHONE, {"x": "Léa"}),
        Recipient("+33612000001", {"X": "Léa"}),
        Recipient("612000001", {"x": "Le\u0301a"}),
        Recipient("0612000002", {"x": "Léa"}),
    ]
    assert codes("((x))", recipients) == [(1, "duplicate"), (2, "duplicate")]


def test_texts_that_differ_only_as_written_are_duplicates_in_gsm() -> None:
    recipients = [Recipient(PHONE, {"x": "forêt"}), Recipient(PHONE, {"x": "foret"})]
    assert codes("((x))", recipients) == []
    assert codes("((x))", recipients, "gsm") == [(1, "duplicate")]


@pytest.mark.parametrize("mode", ["auto", "gsm", "unicode"])
@pytest.mark.parametrize(
    "value",
    [
        "\x00",
        "a\x07b",
        "\x1b",
        "a\tb",
        "\x85",
        "\u202eabc",
        "\u2066a\u2069",
        "\u0378",
        "\U0010ffff",
        "\ud800",
        "a\udc00",
        "\u0301\u0300",
        "\u200b",
        " \n",
        "\u2800",
        "",
    ],
)
def test_what_no_sms_carries_is_refused_in_every_encoding(value: str, mode: EncodingMode) -> None:
    assert codes("((x))", [Recipient(PHONE, {"x": value})], mode) == [(0, "forbidden-content")]


@pytest.mark.parametrize("mode", ["auto", "gsm", "unicode"])
@pytest.mark.parametrize("value", ["a\u0301", "1\ufe0f\u20e3", "a\r\nb", "😀", "\U0001fadc", "日本", "©", "a\u00adb"])
def test_what_shows_something_is_sent_in_every_encoding(value: str, mode: EncodingMode) -> None:
    assert codes("((x))", [Recipient(PHONE, {"x": value})], mode) == []


def test_what_shows_nothing_once_it_is_gsm_is_refused_there() -> None:
    """A diaeresis alone: GSM-7 has none, and a space is what is left."""
    assert codes("((x))", [Recipient(PHONE, {"x": "¨"})]) == []
    assert codes("((x))", [Recipient(PHONE, {"x": "¨"})], "gsm") == [(0, "forbidden-content")]


def test_those_without_consent_join_the_refusals_in_their_place() -> None:
    recipients = [Recipient("0612000000"), Recipient(PHONE), Recipient("12"), Recipient("0612000002")]
    lines, refusals = draft("Bonjour", "auto", recipients)

    kept, refused = with_consent(lines, refusals, recipients, {"+33612000000", "+33612000002"})

    assert [line.index for line in kept] == [0, 3]
    assert [(each.index, each.phone, each.code) for each in refused] == [
        (1, PHONE, "no-consent"),
        (2, "12", "invalid-number"),
    ]


def test_unknown_variables_are_named_once_with_how_many_gave_them() -> None:
    recipients = [
        Recipient(PHONE, {"Prénom": "a", "PRENOM ": "b", "nom": "c", "Classe": "d"}),
        Recipient(PHONE, {"nom": ""}),
    ]
    found = unknown_variables("Bonjour ((prenom)), ((pre\u0301nom))", recipients)
    assert [(each.name, each.recipients) for each in found] == [("nom", 2), ("Classe", 1)]


def test_many_unknown_variables_are_cut_short() -> None:
    variables = {f"v{number}": "a" for number in range(100)}
    found = unknown_variables("Bonjour", [Recipient(PHONE, variables | {"é" * 1_000: "a"})])
    assert [each.name for each in found] == [f"v{number}" for number in range(MOST_WARNINGS)]


def test_a_test_number_is_free_for_a_school_that_may_send_nowhere_yet() -> None:
    """A school abroad before it accepted its tariff (R23) may still try the service."""
    lines, refusals = draft("Essai", "auto", [Recipient("06 39 98 00 00"), Recipient(PHONE)], multipliers={})
    assert [(line.phone, line.cost_sms) for line in lines] == [("+33639980000", 0)]
    assert [refusal.code for refusal in refusals] == ["country-not-authorised"]


def test_what_no_message_could_be_is_too_long_before_it_is_looked_at() -> None:
    """Composing 250,000 marks would take minutes, for one recipient."""
    marks = "e" + "\u0301\u0316" * 2_500
    assert codes("((x))" * 50, [Recipient(PHONE, {"x": marks})]) == [(0, "too-long")]


def test_accents_written_apart_and_ends_of_lines_in_two_signs_do_not_make_a_text_too_long() -> None:
    assert codes("e\u0301" * 764, [Recipient(PHONE)]) == []
    assert codes("\r\n".join("a" * 382), [Recipient(PHONE)]) == []


@pytest.mark.parametrize(("written", "sms"), [("à" * 160 + " \n", 1), ("à" * 306 + "\u00a0" * 9, 2), ("à" * 307, 3)])
def test_what_is_not_seen_at_the_ends_costs_nothing(written: str, sms: int) -> None:
    (line,), refusals = draft(written, "auto", [Recipient(PHONE)])
    assert (line.text, line.sms_count, refusals) == (written.strip(), sms, [])


def test_ends_are_those_of_what_each_recipient_reads() -> None:
    recipients = [Recipient(PHONE, {"x": value}) for value in ("Léa", "Zoé ", " Tom")]
    lines, _ = draft("((x)) est là \n", "auto", recipients)
    assert [line.text for line in lines] == ["Léa est là", "Zoé  est là", "Tom est là"]
    lines, _ = draft("((x)) est là \n", "unicode", recipients)
    assert [line.text for line in lines] == ["Léa est là \n", "Zoé  est là \n", " Tom est là \n"]


def test_a_half_written_variable_is_refused_for_those_whose_values_would_not_be_used() -> None:
    recipients = [Recipient(PHONE, {"prenom": "Zoé"}), Recipient("0612000002")]
    _, refusals = draft("Bonjour {prenom}", "auto", recipients)

    assert [(each.index, each.code) for each in refusals] == [(0, "suspicious-placeholder")]
    assert "« {prenom} » (9e caractère)" in refusals[0].detail
    assert "confirm_placeholders" in refusals[0].detail


@pytest.mark.parametrize("text", ["Bonjour {{prenom}}", "Bonjour ((prenom", "Bonjour ((prenom)"])
def test_what_no_text_to_families_wants_is_refused_without_any_value_too(text: str) -> None:
    lines, refusals = draft(text, "auto", [Recipient(PHONE)])
    assert (lines, [each.code for each in refusals]) == ([], ["suspicious-placeholder"])
    lines, refusals = draft(text, "auto", [Recipient(PHONE)], confirm_placeholders=True)
    assert ([line.text for line in lines], refusals) == ([text], [])


def test_a_half_written_variable_is_sent_once_it_is_confirmed() -> None:
    lines, refusals = draft("Tapez [prenom]", "auto", [Recipient(PHONE, {"prenom": "Zoé"})], confirm_placeholders=True)
    assert ([line.text for line in lines], refusals) == (["Tapez [prenom]"], [])


@pytest.mark.parametrize(
    ("text", "excess"),
    [
        ("a" * 812, "812 caractères, soit 48 de trop (6 SMS, pour 5 au plus)"),
        ("ê" * 336, "336 caractères, soit 1 de trop (6 SMS, pour 5 au plus, car il a des signes"),
        ("a" * 152 + ("€" + "a" * 150) * 3 + "€" + "a" * 154, "trop long : 6 SMS, pour 5 au plus."),
        ("a" * 5_000, "plus de 3\u00a0056 caractères, pour 764 au plus"),
    ],
)
def test_a_text_too_long_says_by_how_much(text: str, excess: str) -> None:
    assert excess in draft(text, "auto", [Recipient(PHONE)])[1][0].detail
