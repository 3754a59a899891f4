from schoolsms.domain.sending.recent_sends import FINGERPRINT_BYTES, fingerprints
from schoolsms.domain.sending.send_requests import Line


def line(phone: str, text: str) -> Line:
    return Line(0, phone, text, "gsm", 1, 1, False)


def test_a_message_to_a_phone_always_leaves_the_same_fingerprint_and_any_other_another() -> None:
    lines = [line(phone, text) for phone in ("+33612345601", "+33612345602") for text in ("Bonjour", "Bonsoir", "")]
    prints = fingerprints(lines)
    assert prints == fingerprints(lines)
    assert [fingerprints([each])[0] for each in lines] == prints
    assert len(set(prints)) == len(lines)
    assert {len(each) for each in prints} == {FINGERPRINT_BYTES}


def test_where_the_text_ends_and_the_number_begins_makes_a_difference() -> None:
    assert len(set(fingerprints([line("+33612345601", "1"), line("33612345601", "1+")]))) == 2


def test_very_many_texts_are_distinguished_too() -> None:
    lines = [line("+33612345601", f"Bonjour {number}") for number in range(500)]
    assert len(set(fingerprints(lines))) == 500
