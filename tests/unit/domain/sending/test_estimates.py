"""Estimates are exact, and suggest how a text could cost less (R21, R22)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schoolsms.domain.errors import RefusedError
from schoolsms.domain.schools.decisions.destinations import HOME_MULTIPLIERS
from schoolsms.domain.sending.estimates import (
    Estimate,
    GsmAlternative,
    RecipientEstimate,
    Saving,
    estimate_recipients,
    estimate_text,
    hint_of,
)
from schoolsms.domain.sending.recipients import Recipient, draft
from schoolsms.domain.texts.typography import EncodingMode

ABROAD = {**HOME_MULTIPLIERS, "BE": 3}


def phone(number: int) -> str:
    return f"06120{number:05d}"


def people(*values: str) -> list[Recipient]:
    """One recipient for each value of `x`."""
    return [Recipient(phone(number), {"x": value}) for number, value in enumerate(values)]


def estimated(text: str, recipients: list[Recipient], mode: EncodingMode = "auto") -> Estimate:
    drafted = draft(text, mode, recipients, ABROAD)
    return estimate_recipients(text, mode, recipients, drafted, ABROAD)


# ------------------------------------------------------------------ the text alone


@pytest.mark.parametrize(
    ("text", "encoding", "characters", "sms", "left", "signs"),
    [
        ("a", "gsm", 1, 1, 159, ()),
        ("a" * 160, "gsm", 160, 1, 0, ()),
        ("a" * 161, "gsm", 161, 2, 145, ()),
        ("€" * 80, "gsm", 160, 1, 0, ()),
        # Pairs leave the 153rd septet of the first part unused: 76 of them, then 5 in the second.
        ("€" * 81, "gsm", 162, 2, 143, ()),
        ("a" * 612, "gsm", 612, 4, 0, ()),
        ("a" * 700, "gsm", 700, 5, 64, ()),  # 764 binds, not 765
        ("a" * 764, "gsm", 764, 5, 0, ()),
        ("a" * 800, "gsm", 800, 6, 0, ()),
        ("fête", "unicode", 4, 1, 66, ("ê",)),
        ("ê" * 71, "unicode", 71, 2, 63, ("ê",)),
        ("ê" * 335, "unicode", 335, 5, 0, ("ê",)),
        ("ê😀ç😀", "unicode", 6, 1, 64, ("ê", "😀", "ç")),
        ("L’école…", "gsm", 10, 1, 150, ()),
    ],
)
def test_a_text_alone_is_counted_as_it_would_be_sent(
    text: str, encoding: str, characters: int, sms: int, left: int, signs: tuple[str, ...]
) -> None:
    estimate = estimate_text(text, "auto")
    counted = estimate.counted
    assert (counted.encoding, counted.characters, counted.sms_count) == (encoding, characters, sms)
    assert (estimate.room_left, estimate.unencodable, estimate.indicative) == (left, signs, False)
    assert (estimate.cost_sms, estimate.per_recipient, estimate.worst_case) == (None, None, None)


def test_each_encoding_says_what_the_phone_will_show() -> None:
    text = "L’école « fête » l’été…"
    shown = {mode: estimate_text(text, mode).text for mode in ("auto", "gsm", "unicode")}
    assert shown == {"auto": text, "gsm": "L'école \" fete \" l'été...", "unicode": text}


def test_variables_without_values_are_taken_to_be_ten_letters_each() -> None:
    estimate = estimate_text("Bonjour ((prenom)) ((Nom)), ((prenom)) !", "auto")
    assert estimate.indicative
    assert estimate.counted.characters == len("Bonjour  ,  !") + 30


def test_the_gsm_alternative_shows_the_text_with_its_variables() -> None:
    estimate = estimate_text("Forêt : ((élève)), ((fête)) " + "a" * 60, "auto")
    assert estimate.counted.sms_count == 2
    assert estimate.as_gsm == GsmAlternative("Foret : ((élève)), ((fête)) " + "a" * 60, 1, 1)


@pytest.mark.parametrize("text", ["fête", "a" * 500, "日" * 70])
def test_an_alternative_that_saves_nothing_is_not_named(text: str) -> None:
    assert estimate_text(text, "auto").as_gsm is None


def test_an_alternative_that_would_take_more_sms_is_not_named() -> None:
    assert estimate_text("©" * 70, "auto").as_gsm is None


@pytest.mark.parametrize(
    "text", [" ", "\n", "\u0301\u0300", "\u200b", "\u3164", "\x00", "a\u202eb", "\u0378", "a\ud800"]
)
@pytest.mark.parametrize("mode", ["auto", "gsm", "unicode"])
def test_a_text_that_is_no_message_is_refused(text: str, mode: EncodingMode) -> None:
    with pytest.raises(RefusedError) as alone:
        estimate_text(text, mode)
    with pytest.raises(RefusedError) as for_somebody:
        estimated(text, people("a"), mode)
    assert alone.value.code == for_somebody.value.code == "forbidden-content"


def test_what_no_recipient_may_be_sent_is_refused_for_the_text_alone_too() -> None:
    """R25: a shortened address, here."""
    text = "Inscription de ((x)) : https://bit.ly/abc"
    for recipients in (None, people("Léa", "Tom"), [Recipient("12", {"x": "Léa"})]):
        with pytest.raises(RefusedError) as refused:
            estimate_text(text, "auto") if recipients is None else estimated(text, recipients)
        assert refused.value.code == "forbidden-content"
        assert "bit.ly" in refused.value.detail


def test_what_only_some_may_not_be_sent_is_refused_to_them() -> None:
    found = estimated("Inscription : ((x))", people("ecole.fr", "https://bit.ly/abc")).per_recipient
    assert [each.refused for each in found or ()] == [None, "forbidden-content"]


def test_a_text_with_too_many_variables_is_refused() -> None:
    with pytest.raises(RefusedError) as refused:
        estimate_text("((a))" * 51, "auto")
    assert refused.value.code == "too-many-variables"


# ------------------------------------------------------------------ with recipients


def test_each_recipient_is_counted_after_substitution_and_by_destination() -> None:
    recipients = [
        Recipient(phone(0), {"x": "Léa"}),
        Recipient(phone(1), {"x": "a" * 153}),
        Recipient("+32 470 12 34 56", {"x": "a" * 153}),
        Recipient("06 39 98 00 01", {"x": "Léa"}),
    ]
    estimate = estimated("Bonjour ((x))", recipients)
    assert estimate.per_recipient == (
        RecipientEstimate(0, 1, 1, 11),
        RecipientEstimate(1, 2, 2, 161),
        RecipientEstimate(2, 2, 6, 161),
        RecipientEstimate(3, 1, 0, 11),  # a test number is free
    )
    assert estimate.cost_sms == 9
    assert estimate.worst_case == RecipientEstimate(1, 2, 2, 161)
    assert (estimate.counted.characters, estimate.counted.sms_count, estimate.indicative) == (161, 2, False)


def test_refused_recipients_are_named_with_their_code_and_cost_nothing() -> None:
    recipients = [
        Recipient("01 40 00 00 00", {"x": "a"}),
        Recipient("12", {"x": "a"}),
        Recipient("+41 79 123 45 67", {"x": "a"}),
        Recipient(phone(1), {"x": "a"}),
        Recipient(phone(1), {"x": "a"}),
        Recipient(phone(1), {"x": "b"}),
        Recipient(phone(2)),
        Recipient(phone(3), {"x": "a" * 800}),
        Recipient(phone(4), {"x": "\x00"}),
    ]
    estimate = estimated("((x))", recipients)
    assert estimate.per_recipient is not None
    assert [(each.refused, each.sms_count, each.cost_sms) for each in estimate.per_recipient] == [
        ("not-a-mobile", 0, 0),
        ("invalid-number", 0, 0),
        ("country-not-authorised", 0, 0),
        (None, 1, 1),
        ("duplicate", 0, 0),
        (None, 1, 1),
        ("missing-variable", 0, 0),
        ("too-long", 6, 0),
        ("forbidden-content", 0, 0),
    ]
    assert estimate.cost_sms == 2
    # The longest is named even though it is refused: it is what must become shorter.
    assert estimate.worst_case == RecipientEstimate(7, 6, 0, 800, "too-long")
    assert estimate.too_long


def test_when_everybody_is_refused_the_text_alone_is_counted() -> None:
    estimate = estimated("Bonjour ((x))", [Recipient("12", {"x": "a"})])
    assert (estimate.cost_sms, estimate.worst_case, estimate.indicative) == (0, None, True)
    assert estimate.per_recipient == (RecipientEstimate(0, 0, 0, 0, "invalid-number"),)


def test_signs_outside_gsm_are_named_over_all_recipients() -> None:
    estimate = estimated("Bonjour ((x))", people("Zoë", "Léa", "Inès", "Anaïs"))
    assert estimate.unencodable == ("ë", "ï")


def test_the_gsm_alternative_saves_over_all_recipients() -> None:
    estimate = estimated("((x))" + "a" * 100, people("Zoë", "Léa", "Anaïs"))
    assert estimate.cost_sms == 5
    assert estimate.as_gsm == GsmAlternative("((x))" + "a" * 100, 1, 2)


def test_the_gsm_alternative_reaches_those_for_whom_it_was_too_long() -> None:
    estimate = estimated("ê" * 336, people("a"))
    assert estimate.cost_sms == 0
    assert estimate.as_gsm == GsmAlternative("e" * 336, 3, 0, reached=1)


def test_an_alternative_that_loses_somebody_is_not_named() -> None:
    # In GSM-7 both texts to that number read the same; "©" × 300 becomes 900 septets.
    twice = [Recipient(phone(0), {"x": "ê" * 80}), Recipient(phone(0), {"x": "ë" * 80})]
    assert estimated("((x))", twice).as_gsm is None
    assert estimated("((x))", people("ê" * 80, "©" * 300)).as_gsm is None


# ------------------------------------------------------------------ fewer characters


def test_three_characters_less_may_spare_412_sms() -> None:
    estimate = estimated("a" * 163, [Recipient(phone(number)) for number in range(412)])
    assert estimate.savings == (Saving(3, 412),)
    assert hint_of(estimate) == "Retirez 3 caractères pour économiser 412\u00a0SMS."


def test_savings_follow_the_length_of_each_recipient_and_their_destinations() -> None:
    recipients = [*people("a", "aaa", "aaa", ""), Recipient("+32 470 12 34 56", {"x": "aaaa"})]
    estimate = estimated("a" * 160 + "((x))", recipients)
    assert estimate.savings == (Saving(1, 1), Saving(3, 3), Saving(4, 6))
    assert hint_of(estimate) == "Retirez 1 caractère pour économiser 1\u00a0SMS, ou 4 pour en économiser 6."


def test_what_the_fixed_text_does_not_hold_cannot_be_taken_out_of_it() -> None:
    assert estimated("ab((x))", people("a" * 160)).savings == ()
    assert estimated("abc((x))", people("a" * 159)).savings == (Saving(2, 1),)


def test_the_text_alone_names_what_each_recipient_would_save() -> None:
    estimate = estimate_text("ê" + "a" * 70, "auto")
    assert estimate.savings == (Saving(1, 1),)
    assert hint_of(estimate) == (
        "Écrit sans «\u00a0ê\u00a0», le message prend 1\u00a0SMS au lieu de 2\u00a0: 1\u00a0SMS de moins par "
        "destinataire. Retirez 1 caractère pour économiser 1\u00a0SMS par destinataire."
    )


def test_a_message_that_is_too_long_says_by_how_much() -> None:
    assert hint_of(estimate_text("a" * 800, "auto")) == (
        "Le message est trop long\u00a0: 6\u00a0SMS, 800 caractères, soit 36 de trop. Raccourcissez-le. "
        "Retirez 35 caractères pour économiser 1\u00a0SMS par destinataire."
    )


def test_where_nothing_helps_nothing_is_said() -> None:
    assert hint_of(estimate_text("Bonjour", "auto")) is None


TAIL = 110
"""Plain letters at the end of each text."""
fixed = st.builds(
    lambda char, times, tail: char * times + "a" * tail,
    st.sampled_from("aé€[êç😀"),
    st.integers(0, 330),
    st.integers(TAIL, 160),
)


@pytest.mark.slow
@settings(max_examples=settings().max_examples // 3)  # each has up to a hundred estimates
@given(fixed, st.lists(st.text("aê€😀", max_size=8), min_size=1, max_size=5))
def test_taking_out_what_is_advised_saves_exactly_that_and_less_saves_nothing(text: str, values: list[str]) -> None:
    """From the end of a text, the only place that never moves the borders of its parts."""
    recipients = people(*values)
    estimate = estimated("((x))" + text, recipients)
    before = estimate.cost_sms
    assert before is not None
    for saving in estimate.savings:
        if saving.remove_characters < TAIL:
            after = estimated("((x))" + text[: -saving.remove_characters], recipients)
            assert after.cost_sms == before - saving.saved_sms or _other_refusals(estimate, after)
    fewest = estimate.savings[0].remove_characters if estimate.savings else TAIL
    for fewer in range(1, min(fewest, TAIL)):
        assert estimated("((x))" + text[:-fewer], recipients).cost_sms == before or estimate.too_long


def _other_refusals(before: Estimate, after: Estimate) -> bool:
    """Whether refusals differ: a text that was too long now fits, is sent, and costs."""
    refused = [[each.refused for each in estimate.per_recipient or ()] for estimate in (before, after)]
    return refused[0] != refused[1]


@given(st.text("aé€ê’😀 ((x))", min_size=1, max_size=200), st.lists(st.text(max_size=20), min_size=1, max_size=6))
def test_what_was_estimated_is_what_would_be_accepted(text: str, values: list[str]) -> None:
    recipients = people(*values)
    modes: tuple[EncodingMode, ...] = ("auto", "gsm", "unicode")
    for mode in modes:
        try:
            estimate = estimated(text, recipients, mode)
        except RefusedError:
            continue
        lines, refusals = draft(text, mode, recipients, ABROAD)
        found = {each.index: each for each in estimate.per_recipient or ()}
        assert estimate.cost_sms == sum(line.cost_sms for line in lines)
        assert {each.index: each.code for each in refusals} == {
            index: each.refused for index, each in found.items() if each.refused
        }
        assert all(found[line.index].cost_sms == line.cost_sms for line in lines)


def test_confirmed_brackets_do_not_hide_the_cheaper_way_to_write_a_text() -> None:
    recipients = [Recipient("0612000001", {"prenom": "Zoé"})]
    text = "ê" + "a" * 100 + " [prenom]"
    drafted = draft(text, "auto", recipients, confirm_placeholders=True)

    found = estimate_recipients(text, "auto", recipients, drafted, HOME_MULTIPLIERS)

    assert (found.cost_sms, found.as_gsm and found.as_gsm.saved_sms) == (2, 1)
