import random
import subprocess
import sys

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from schoolsms.domain.schools.decisions.destinations import DEFAULT_DESTINATIONS
from schoolsms.domain.texts.phone_numbers import NATIONAL_MOBILES, Mobile, RefusedNumber, parse_mobile

EVERYWHERE = frozenset(phonenumbers.SUPPORTED_REGIONS)
REWRITTEN = {
    **{"690": "590", "691": "590", "694": "594", "696": "596", "697": "596"},
    **{"692": "262", "693": "262", "639": "262"},
}
NEW_OVERSEAS = (("70900", "590"), ("70910", "596"), ("70920", "262"), ("70930", "594"), ("70935", "262"))
"""Of the plan's 0709: where each territory's block begins, and its country code."""


def country_code(national: str) -> str:
    newer = [code for start, code in NEW_OVERSEAS if start <= national[:5] < "70940"]
    return newer[-1] if newer else REWRITTEN.get(national[:3], "33")


def plain_parse(national: str) -> Mobile | RefusedNumber:
    """The reference for nine national digits of a French mobile prefix: rewriting, then the library alone."""
    if national.startswith("63998"):
        return Mobile("+33" + national, "FR", is_test=True)
    number = phonenumbers.parse(f"+{country_code(national)}{national}")
    if not phonenumbers.is_valid_number(number):
        return RefusedNumber("invalid-number")
    if phonenumbers.number_type(number) not in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE):
        return RefusedNumber("not-a-mobile")
    country = phonenumbers.region_code_for_number(number)
    assert country is not None
    return Mobile(phonenumbers.format_number(number, PhoneNumberFormat.E164), country)


@pytest.mark.parametrize(
    "typed",
    [
        "0612345678",
        "06 12 34 56 78",
        "06.12.34.56.78",
        "06-12-34-56-78",
        "06/12/34/56/78",
        " 0612345678\n",
        "612345678",
        "+33612345678",
        "+33 6 12 34 56 78",
        "+33 (0)6 12 34 56 78",
        "+33(0)612345678",
        "00 33 6 12 34 56 78",
        "0033612345678",
        "33612345678",
        "06\u00a012\u00a034\u00a056\u00a078",
        "06\u202f12\u202f34\u202f56\u202f78",
        "06‑12–34—56−78",
        "０６１２３４５６７８",
        "＋３３６１２３４５６７８",
        "٠٦١٢٣٤٥٦٧٨",
        "\u202a+33 6 12 34 56 78\u202c",
        "06\ufe0e12345678",
        "06\u316412345678",
        "06\u280012345678\u034f",
        "0\ufe0f\u20e36\ufe0f\u20e312345678",
        "\ufeff06\u200b12\u2060345678\u00ad",
        "06\u200912\u200a34\u205f56\u300078",
        "06‐12‒34―56−78",
        "06·12·34•56_78",
        "tel:+33612345678",
        "Tel: 06 12 34 56 78",
        "(06) 12 34 56 78",
        "(+33) 6 12 34 56 78",
        "+33 (0) 6.12.34.56.78",
    ],
)
def test_a_french_mobile_is_read_however_it_is_typed(typed: str) -> None:
    assert parse_mobile(typed, DEFAULT_DESTINATIONS) == Mobile("+33612345678", "FR", is_test=False)


@pytest.mark.parametrize(
    ("typed", "e164", "country"),
    [
        # By hand, from the numbering plan (Arcep decision 2018-0881): each range a mobile can have, and its neighbours.
        ("06 00 00 00 00", "+33600000000", "FR"),
        ("06 38 99 99 99", "+33638999999", "FR"),
        ("06 39 97 12 34", "+262639971234", "YT"),
        ("06 40 00 00 00", "+33640000000", "FR"),
        ("06 89 99 99 99", "+33689999999", "FR"),
        ("06 95 12 34 56", "+33695123456", "FR"),
        ("06 98 12 34 56", "+33698123456", "FR"),
        ("06 99 99 99 99", "+33699999999", "FR"),
        ("07 30 00 00 00", "+33730000000", "FR"),
        ("07 99 99 99 99", "+33799999999", "FR"),
        ("+590 (0)690 00 12 34", "+590690001234", "GP"),
        ("+596 0696 20 12 34", "+596696201234", "MQ"),
        ("00 262 692 12 34 56", "+262692123456", "RE"),
        ("262692123456", "+262692123456", "RE"),
        ("594694201234", "+594694201234", "GF"),
        ("2.62692123456E11", "+262692123456", "RE"),
        ("262692123456.0", "+262692123456", "RE"),
        ("0690 00 12 34", "+590690001234", "GP"),
        ("0691 22 12 34", "+590691221234", "GP"),
        ("0694 20 12 34", "+594694201234", "GF"),
        ("0696 20 12 34", "+596696201234", "MQ"),
        ("0697 20 12 34", "+596697201234", "MQ"),
        ("0692 12 34 56", "+262692123456", "RE"),
        ("0693 00 12 34", "+262693001234", "RE"),
        ("0639 01 23 45", "+262639012345", "YT"),
        ("+33692123456", "+262692123456", "RE"),
        ("00 33 (0)692 12 34 56", "+262692123456", "RE"),
        ("692123456", "+262692123456", "RE"),
        ("+262 692 12 34 56", "+262692123456", "RE"),
        ("00596 696 20 12 34", "+596696201234", "MQ"),
        ("+508 708 40 12 34", "+508708401234", "PM"),  # the library's FIXED_LINE_OR_MOBILE
        ("+508 55 12 34", "+508551234", "PM"),
    ],
)
def test_overseas_mobiles_get_their_own_country_code(typed: str, e164: str, country: str) -> None:
    assert parse_mobile(typed, DEFAULT_DESTINATIONS) == Mobile(e164, country)


@pytest.mark.parametrize("typed", ["0639 98 00 01", "+33639980001", "+33 (0)6 39 98 00 01", "639980001"])
def test_the_range_kept_for_fiction_is_a_test_number(typed: str) -> None:
    assert parse_mobile(typed, DEFAULT_DESTINATIONS) == Mobile("+33639980001", "FR", is_test=True)
    assert parse_mobile(typed, frozenset()) == Mobile("+33639980001", "FR", is_test=True)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "+",
        "abc",
        "06 12 34 56 7",
        "06 12 34 56 78 9",
        "06 12 34 56 78 / 06 98 76 54 32",
        "0612345678 ext 3",
        "0612345678x3",
        "+33612345678;ext=3",
        "0612345678#",
        "06 12 34 56 7²",
        "06 12 34 56 ⑦⑧",
        "06 12 34 56 78 (maman)",
        "tel:+33612345678;ext=3",
        "06,12E+8",
        "06 12 34 S6 78",
        "++33612345678",
        "06+12345678",
        "0612\n345678",
        "6,12E+08",
        "0700 12 34 56",  # machine to machine
        "0729 12 34 56",
        "112",
        "3919",
        "36180",
        "00612345678",
        "+262639980001",  # fiction is +33 only
        "0692",
        "1" * 10_000,
        "\ud800",
    ],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    assert parse_mobile(typed, DEFAULT_DESTINATIONS) == RefusedNumber("invalid-number")


@pytest.mark.parametrize(
    "typed",
    [
        "01 23 45 67 89",
        "0590 20 12 34",
        "0594 10 12 34",
        "0596 30 12 34",
        "0262 16 12 34",
        "0269 60 12 34",
        "0801 23 45 67",
        "0891 12 34 56",
        "0912 34 56 78",
        "+32 12 34 56 78",
        "+80012345678",
    ],
)
def test_landlines_voip_and_special_rates_are_no_mobiles(typed: str) -> None:
    assert parse_mobile(typed, DEFAULT_DESTINATIONS) == RefusedNumber("not-a-mobile")


def test_a_foreign_mobile_needs_an_authorised_country() -> None:
    assert parse_mobile("+32 470 12 34 56", DEFAULT_DESTINATIONS) == RefusedNumber("country-not-authorised")
    assert parse_mobile("+32 470 12 34 56", {"BE"}) == Mobile("+32470123456", "BE")
    assert parse_mobile("00 32 470 12 34 56", {"BE"}) == Mobile("+32470123456", "BE")
    assert parse_mobile("+687 75 12 34", DEFAULT_DESTINATIONS) == RefusedNumber("country-not-authorised")
    assert parse_mobile("+687 75 12 34", {"NC"}) == Mobile("+687751234", "NC")
    assert parse_mobile("+1 202 555 0123", {"US"}) == Mobile("+12025550123", "US")
    assert parse_mobile("0612345678", {"BE"}) == RefusedNumber("country-not-authorised")
    assert parse_mobile("0692123456", {"FR"}) == RefusedNumber("country-not-authorised")
    assert {"FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF"} == DEFAULT_DESTINATIONS


def test_a_satellite_phone_is_of_no_country_even_if_all_are_authorised() -> None:
    assert parse_mobile("+881 6 1234 5678", EVERYWHERE | {"001"}) == RefusedNumber("country-not-authorised")


@pytest.mark.slow
def test_every_mobile_prefix_is_read_as_the_library_reads_it() -> None:
    digits = random.Random(20261122)
    for prefix in range(6000, 8000):
        for _ in range(6):
            national = f"{prefix}{digits.randrange(10**5):05}"
            expected = plain_parse(national)
            for typed in (f"0{national}", f"+33{national}", f"0033 0{national}", national):
                assert parse_mobile(typed, EVERYWHERE) == expected, typed


@pytest.mark.slow
@pytest.mark.parametrize("country", NATIONAL_MOBILES)
def test_the_copied_patterns_agree_with_the_library_metadata(country: str) -> None:
    """Every range to the 10,000 numbers, which is as fine as the regulator allots them."""
    code = phonenumbers.country_code_for_region(country)
    for block in range(60_000, 80_000):
        national = f"{block}1234"
        if country == "FR" and national.startswith("63998"):
            continue
        number = phonenumbers.PhoneNumber(country_code=code, national_number=int(national))
        is_ours = phonenumbers.is_valid_number_for_region(number, country)
        assert (parse_mobile(f"+{code}{national}", {country}) == Mobile(f"+{code}{national}", country)) == is_ours


@given(st.one_of(st.text(max_size=80), st.text("+0123456789 .-/()x;=", max_size=24)))
def test_no_input_raises_and_what_is_accepted_is_e164(typed: str) -> None:
    parsed = parse_mobile(typed, EVERYWHERE)
    if isinstance(parsed, Mobile):
        assert parsed.e164[0] == "+"
        assert parsed.e164[1:].isascii()
        assert parsed.e164[1:].isdigit()
        assert parse_mobile(parsed.e164, EVERYWHERE) == parsed


@given(st.integers(0, 10**9 - 1))
def test_random_national_numbers_are_accepted_just_when_the_library_accepts_them(national: int) -> None:
    digits = f"{national:09}"
    if digits[0] in "67":
        assert parse_mobile("0" + digits, EVERYWHERE) == plain_parse(digits)


OVERSEAS_LANDLINES = {"590": "590", "594": "594", "596": "596", "262": "262", "269": "262"}


@given(st.integers(10**8, 10**9 - 1), st.sampled_from(["0", "+33", "0033", "+33 (0)", "33", ""]))
def test_every_nine_digits_are_read_as_the_library_reads_them(national: int, prefix: str) -> None:
    """Mobile or not: landlines and special rates are refused for the reason the library gives."""
    digits = str(national)
    code = (REWRITTEN | OVERSEAS_LANDLINES).get(digits[:3], "33")
    number = phonenumbers.parse(f"+{code}{digits}")
    if digits[0] in "67":
        expected = plain_parse(digits)
    elif phonenumbers.is_valid_number(number):
        expected = RefusedNumber("not-a-mobile")
    else:
        expected = RefusedNumber("invalid-number")
    assert parse_mobile(prefix + digits, EVERYWHERE) == expected


@given(
    st.sampled_from(["612345678", "700123456", "692123456", "639980001", "140000000", "695123456"]),
    st.lists(st.sampled_from(["", " ", ".", "-", "/", "  ", "\u00a0", "\u202f"]), min_size=9, max_size=9),
    st.sampled_from(["0", "+33", "0033", "00 33 ", "+33 (0)", "+33.0", "33", " 0", "(0)", "+ 33 "]),
)
def test_separators_never_change_what_is_read(national: str, separators: list[str], prefix: str) -> None:
    typed = prefix + "".join(digit + separator for digit, separator in zip(national, separators, strict=True))
    assert parse_mobile(typed, EVERYWHERE) == parse_mobile("0" + national, EVERYWHERE)


def test_french_mobiles_never_import_the_library() -> None:
    script = (
        "import sys; from schoolsms.domain.texts.phone_numbers import parse_mobile\n"
        "for n in ('06 12 34 56 78', '+33 (0)7 81 23 45 67', '0692123456', '+596696201234', '0639980001', 'x'):\n"
        "    parse_mobile(n, {'FR', 'RE', 'MQ'})\n"
        "sys.exit('phonenumbers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
