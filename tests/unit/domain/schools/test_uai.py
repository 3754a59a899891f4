import pytest

from schoolsms.domain.schools.uai import department_prefix, normalise_uai, territory, upper_case_uai


@pytest.mark.parametrize("uai", ["0750655E", "0690026D", "0750652B", "9830002K", "7200009X", "9710002A", "9760127J"])
def test_real_codes_are_accepted(uai: str) -> None:
    assert normalise_uai(uai) == uai
    assert normalise_uai(f" {uai.lower()}\n") == uai


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "0750655F",
        "0750655",
        "750655E",
        "0750655EE",
        "075 0655E",
        "O750655E",
        "0750655I",
        "０750655E",
        "0750656E",
        "0752000\u017f",  # long s, of which Unicode makes an S
        "075065\u0665E",
    ],
)
def test_wrong_codes_are_refused(raw: str) -> None:
    assert normalise_uai(raw) is None


def test_a_code_is_in_upper_case_whatever_its_check_letter_if_it_has_the_form_of_one() -> None:
    assert upper_case_uai("0750655f") == "0750655F"
    assert [upper_case_uai(raw) for raw in ("", " 0750655E", "0752000\u017f", "0750655E0", "X" * 3_000)] == [None] * 5


@pytest.mark.parametrize(
    ("uai", "expected"),
    [
        ("0750655E", "FR"),
        ("7200009X", "FR"),  # Corsica
        ("6200001A", "FR"),
        ("9710002A", "GP"),
        ("9720001A", "MQ"),
        ("9730001A", "GF"),
        ("9740001A", "RE"),
        ("9750001A", "PM"),
        ("9760127J", "YT"),
        ("9770001A", "BL"),
        ("9780001A", "MF"),
        ("9830002K", "NC"),
        ("9840001A", "PF"),
        ("9870001A", "WF"),
    ],
)
def test_the_prefix_tells_the_territory(uai: str, expected: str) -> None:
    assert territory(uai) == expected
    assert department_prefix(uai) == uai[:3]
