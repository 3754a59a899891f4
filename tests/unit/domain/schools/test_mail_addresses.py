import pytest

from schoolsms.domain.schools.mail_addresses import comparable, deliverable, expanded, is_deliverable, plain, same


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("Marie.Durand@Lycee.test", "marie.durand@lycee.TEST", True),
        ("marie.sk@lycee.test", "marie.\u017fk@lycee.test", False),  # long s
        ("marie.sk@lycee.test", "marie.s\u212a@lycee.test", False),  # Kelvin sign
        ("strasse@lycee.test", "stra\u00dfe@lycee.test", False),
        ("i@lycee.test", "\u0130@lycee.test", False),
        ("elise@lycee.test", "\u00e9lise@lycee.test", False),
        ("\u00e9lise@lycee.test", "\u00c9lise@lycee.test", False),
        ("a@college.test", "a@\uff43ollege.test", False),  # full-width c
        ("a@lycee.test", "a@lycee.test.", False),
        ("a@coll\u00e8ge.test", "A@XN--collge-6ua.test", True),
        ("a@coll\u00e8ge.test", "b@xn--collge-6ua.test", False),
        ("a@coll\u00e8ge.test", "a@college.test", False),
        ("a@colle\u0300ge.test", "a@xn--collge-6ua.test", False),  # decomposed: IDNA would compose it
        ("a@COLL\u00c8GE.test", "a@xn--collge-6ua.test", False),  # a capital that IDNA would lower
        ("a@\u017fk.test", "a@sk.test", False),
        ("a@stra\u00dfe.test", "a@strasse.test", False),
        ("a@lycee\u3002test", "a@lycee.test", False),
        ("a@" + "\u00e9" * 70 + ".test", "a@" + "\u00e9" * 70 + ".test", True),  # too long for IDNA
        ("\u00e8", "\u00e8", True),
    ],
)
def test_addresses_are_the_same_but_for_the_case_of_ascii_and_the_form_of_a_domain(
    one: str, other: str, equal: bool
) -> None:
    assert same(one, other) is equal
    assert same(other, one) is equal


def test_an_international_domain_is_compared_in_the_form_that_mail_goes_to() -> None:
    for address in ("marie@coll\u00e8ge.test", "marie@xn--collge-6ua.test"):
        assert comparable(address) == deliverable(address) == "marie@xn--collge-6ua.test"


def test_only_ascii_letters_are_lowered() -> None:
    assert plain("\u00c9lise.MARTIN\u212a") == "\u00c9lise.martin\u212a"


@pytest.mark.parametrize(
    ("registered", "address"),
    [
        ("ce.<uai>@ac-paris.fr", "ce.0750655e@ac-paris.fr"),
        ("CE.<UAI>@AC-Paris.fr", "ce.0750655e@ac-paris.fr"),
        ("ce.0690026D@ac-lyon.fr", "ce.0690026d@ac-lyon.fr"),
        ("secretariat@lycee.test", "secretariat@lycee.test"),
        ("x.<uai>@ac-paris.fr", "x.<uai>@ac-paris.fr"),
    ],
)
def test_the_institutional_pattern_is_one_address_of_the_school(registered: str, address: str) -> None:
    assert expanded(registered, "0750655E") == address


@pytest.mark.parametrize(
    ("address", "wire"),
    [
        ("Marie.Durand@Lycee.test", "Marie.Durand@lycee.test"),
        ("ce.0750655e@ac-paris.fr", "ce.0750655e@ac-paris.fr"),
        ("o'neil+sms@lycee.test", "o'neil+sms@lycee.test"),
        ("marie@coll\u00e8ge.test", "marie@xn--collge-6ua.test"),
        ("marie@xn--collge-6ua.test", "marie@xn--collge-6ua.test"),
        ("x" * 64 + "@lycee.test", "x" * 64 + "@lycee.test"),
    ],
)
def test_an_address_is_written_as_smtp_takes_it(address: str, wire: str) -> None:
    assert deliverable(address) == wire


@pytest.mark.parametrize(
    "address",
    [
        "",
        "marie",
        "@lycee.test",
        "marie@",
        "marie@lycee",
        "marie@lycee..test",
        "marie@.lycee.test",
        "marie@lycee.test.",
        "marie@-lycee.test",
        "marie@lycee-.test",
        "marie@lycee_.test",
        "marie@192.0.2.1",
        "marie@[192.0.2.1]",
        "marie..durand@lycee.test",
        ".marie@lycee.test",
        "marie.@lycee.test",
        "marie durand@lycee.test",
        "marie@ly cee.test",
        "marie@lycee.test\n",
        "marie@lycee.test\r\nBcc: x@y.test",
        "ma\x00rie@lycee.test",
        '"marie"@lycee.test',
        "\u00e9lise@lycee.test",
        "marie@\u017fk.test",  # long s, which IDNA makes an s
        "marie@\u212aollege.test",  # Kelvin sign
        "marie@stra\u00dfe.test",
        "marie@lycee\u3002test",  # an ideographic full stop, which IDNA makes a dot
        "x" * 65 + "@lycee.test",
        "marie@" + "x" * 64 + ".test",
        "marie@" + "x." * 130 + "test",
    ],
)
def test_what_no_mail_can_go_to_is_no_address(address: str) -> None:
    assert not is_deliverable(address)
