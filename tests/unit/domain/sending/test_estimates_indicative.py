"""Indicative length of a template while no values are known (§7)."""

import pytest

from schoolsms.domain.sending.estimates import STAND_IN, estimate_text, indicative_count


@pytest.mark.parametrize(
    ("text", "characters", "sms"),
    [
        ("a" * 160, 160, 1),
        ("a" * 161, 161, 2),
        ("Bonjour ((prenom))", 18, 1),
        ("((a))" * 16, 160, 1),
        ("((a))" * 16 + "b", 161, 2),
        ("ê" * 71, 71, 2),
        ("a" * 800, 800, 6),
        ("L’école…", 10, 1),
    ],
)
def test_each_model_shows_its_characters_and_sms_each_variable_taken_to_be_ten_characters(
    text: str, characters: int, sms: int
) -> None:
    counted = indicative_count(text)
    assert len(STAND_IN) == 10
    assert (counted.characters, counted.sms_count) == (characters, sms)
    assert counted == estimate_text(text, "auto").counted, "as the estimate of the same template"


def test_a_model_with_a_text_that_no_message_may_carry_is_counted_all_the_same() -> None:
    assert indicative_count("Appelez le 0899 123 456").sms_count == 1
