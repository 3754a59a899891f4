import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest

from schoolsms.application.mails.layout import Facts, Notice, letter
from schoolsms.application.mails.words.balance import daily_limit_near, low_balance, stock_used_up
from schoolsms.application.mails.words.formal_notices import formal_notice, formal_notice_lifted
from schoolsms.application.mails.words.orders import (
    credit_activated,
    operator_mails_capped,
    order_already_received,
    order_in_review,
    order_incomplete,
    order_to_review,
)
from schoolsms.application.mails.words.subscriptions import balance_forfeited, subscription_ending
from schoolsms.domain.orders.contract import Contract
from schoolsms.domain.orders.order_reasons import Reason
from schoolsms.domain.orders.orders import OrderState
from schoolsms.domain.schools.formal_notices import FormalNotice
from schoolsms.domain.schools.support_contact import SupportContact

MONDAY = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
MONDAY_FR = "lundi 23 novembre 2026 à 16\u00a0h\u00a030 (heure de Paris)"
INBOX = "commande-sms@skolengo.test"

CONTRACT = Contract(
    in_force_from=MONDAY,
    in_force_until=datetime(2027, 8, 31, 22, tzinfo=UTC),
    ends="school-year-end",
    last_day=date(2027, 8, 31),
    school_year="2026-27",
    conditions_version="2026-09",
)


def activated(school_name: str = "Lycée Paul Valéry") -> Notice:
    return credit_activated(
        school_name=school_name,
        order_id="BDC-7Q2",
        sms=2_000,
        balance=12_345,
        total_ttc_cents=20_400,
        contract=CONTRACT,
        public_url="https://sms.test",
    )


def again(standing: OrderState) -> Notice:
    return order_already_received(order_id="BDC-7Q2", standing=standing, deadline=MONDAY, credited_at=None)


def incomplete(*reasons: Reason, order_id: str | None = "BDC-7Q2") -> Notice:
    return order_incomplete(order_id=order_id, reasons=reasons, order_inbox=INBOX)


NOTICES = {
    "credit activated": activated(),
    "low balance": low_balance(
        school_name="Lycée Paul Valéry", balance=98, threshold=100, at=MONDAY, order_inbox=INBOX
    ),
    "stock used up": stock_used_up(school_name="Lycée Paul Valéry", at=MONDAY, order_inbox=INBOX),
    "daily limit near": daily_limit_near(
        school_name="Lycée Paul Valéry", limit=10_000, support_email="sms@kosmos.test"
    ),
    "subscription ending": subscription_ending(
        school_name="Lycée Paul Valéry", balance=1_234, end=date(2027, 8, 31), may_send=True
    ),
    "balance forfeited": balance_forfeited(
        school_name="Lycée Paul Valéry", sms=1_234, end=date(2027, 8, 31), found_on=date(2027, 9, 1)
    ),
    "formal notice": formal_notice(
        school_name="Lycée Paul Valéry",
        notice=FormalNotice(1, "Publicité", date(2026, 12, 15), MONDAY),
        answer_to="sms@kosmos.test",
    ),
    "formal notice lifted": formal_notice_lifted(
        school_name="Lycée Paul Valéry",
        notice=FormalNotice(1, "Publicité", date(2026, 12, 15), MONDAY, "", None, MONDAY, "Mesures suffisantes"),
        answer_to="sms@kosmos.test",
    ),
    "operator mails capped": operator_mails_capped(most=50),
    "incomplete": incomplete(Reason("signature-missing"), Reason("field-missing", "siret")),
    "incomplete without a form": incomplete(Reason("no-form-attached"), order_id=None),
    "in review": order_in_review(order_id="BDC-7Q2", reasons=[Reason("form-scanned")], deadline=MONDAY),
    "in review, incomplete": order_in_review(
        order_id=None, reasons=[Reason("form-scanned"), Reason("signature-missing")], deadline=MONDAY
    ),
    "received again": order_already_received(
        order_id="BDC-7Q2", standing="credited", deadline=MONDAY, credited_at=MONDAY
    ),
    "received again, waiting": again("accepted"),
    "received again, in review": again("review"),
    "received again, refused": again("rejected"),
    "to review": order_to_review(
        order_id="BDC-7Q2",
        reasons=[Reason("form-altered", "page ajoutée"), Reason("sender-unknown")],
        deadline=MONDAY,
        school="Lycée Paul Valéry",
        sender="quelqu.un@exemple.test",
        read={"siret": "", "qty_P1000": "2", "accept_terms": "yes"},
    ),
}


class Page(HTMLParser):
    """Parsed page: the words of its body, and each tag opened and closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "body" in self.open:
            self.words += words(data)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


@pytest.mark.parametrize(
    ("notice", "subject"),
    [
        ("credit activated", "Crédit de SMS activé"),
        ("low balance", "Stock de SMS : niveau bas"),
        ("stock used up", "Stock de SMS épuisé"),
        ("incomplete", "Bon de commande incomplet"),
        ("in review", "Bon de commande en cours d'examen"),
    ],
)
def test_subjects_are_those_of_the_contract(notice: str, subject: str) -> None:
    assert NOTICES[notice].subject == subject


@pytest.mark.parametrize("name", NOTICES)
def test_text_and_html_say_the_same(name: str) -> None:
    page = Page(NOTICES[name].html)
    assert page.open == []
    assert page.words == words(NOTICES[name].text)


@pytest.mark.parametrize("name", NOTICES)
def test_no_line_breaks_before_a_double_sign(name: str) -> None:
    for part in (NOTICES[name].text, NOTICES[name].html):
        assert not re.search(r" [:;!?»]|« ", re.sub(r"<[^>]*>", "", part.partition("<body")[2] or part))


@pytest.mark.parametrize("name", NOTICES)
def test_every_mail_greets_and_takes_leave(name: str) -> None:
    text = NOTICES[name].text
    assert text.startswith("Bonjour,\n\n")
    assert "\n\nCordialement,\n\n" in text
    assert "None" not in text


def test_the_activation_names_amounts_period_and_accepted_conditions() -> None:
    text = activated().text
    for said in (
        "2\u00a0000",
        "12\u00a0345\u00a0SMS",
        "204,00\u00a0€",
        "2026-27",
        "version 2026-09",
        "BDC-7Q2",
    ):
        assert said in text
    assert MONDAY_FR in text


def test_what_a_school_is_called_cannot_become_html() -> None:
    notice = activated('Lycée <script>alert("x")</script> & Cie')
    assert "script" not in Page(notice.html).tags
    assert "&lt;script&gt;" in notice.html
    assert "&amp; Cie" in notice.html
    assert "<script>" in notice.text


def test_what_a_form_says_cannot_add_a_paragraph() -> None:
    notice = order_to_review(
        order_id="BDC-7Q2",
        reasons=[Reason("form-altered", "ligne une\n\nVotre décision est prise")],
        deadline=MONDAY,
    )
    assert "\nVotre décision" not in notice.text


def test_an_incomplete_order_names_each_thing_missing_and_how_to_mend_it() -> None:
    notice = incomplete(Reason("signature-missing"), Reason("field-missing", "siret"))
    for said in ("signature absente", "signez dans le cadre prévu", "SIRET", "complétez ce champ", INBOX):
        assert said in notice.text
    assert "rien ne vous sera facturé" in notice.text


def test_the_school_never_reads_suspicions() -> None:
    suspicions = [Reason("sender-unknown"), Reason("form-altered", "page ajoutée")]
    for notice in (
        incomplete(Reason("signature-missing"), *suspicions),
        order_in_review(order_id="BDC-7Q2", reasons=suspicions, deadline=MONDAY),
    ):
        assert "page ajoutée" not in notice.text
        assert "gestionnaire" not in notice.text


def test_a_review_says_that_a_person_looks_at_it_and_by_when() -> None:
    text = NOTICES["in review"].text
    assert "Une personne de notre équipe" in text
    assert MONDAY_FR in text
    assert "signature absente" in NOTICES["in review, incomplete"].text


def test_a_form_received_again_says_what_became_of_it() -> None:
    assert MONDAY_FR in NOTICES["received again"].text
    assert "en cours de traitement" in NOTICES["received again, waiting"].text
    assert MONDAY_FR in NOTICES["received again, in review"].text


def test_a_refused_form_mailed_again_is_promised_no_credit() -> None:
    text = NOTICES["received again, refused"].text
    assert "n’a pas pu être accepté" in text
    assert "téléchargez un nouveau bon de commande" in text
    assert "en cours" not in text
    assert "vous annoncera" not in text


def test_the_operator_reads_reasons_what_was_read_and_the_deadline() -> None:
    text = NOTICES["to review"].text
    for said in ("page ajoutée", "quelqu.un@exemple.test", "Quantité de packs P1000\u00a0: 2", MONDAY_FR):
        assert said in text
    assert "SIRET" not in text
    assert "Acceptation des conditions\u00a0: oui" in text


def test_every_mail_ends_with_whom_to_ask() -> None:
    for notice in NOTICES.values():
        signed = replace(notice, contact=SupportContact("aide@kosmos.test", "02 40 00 00 00", "https://aide.test"))
        for said in (signed.text, signed.html):
            assert "contactez-nous\u00a0: aide@kosmos.test, 02 40 00 00 00, https://aide.test" in said


def test_a_mail_names_nobody_if_there_is_nobody_to_ask() -> None:
    assert "Une question" not in NOTICES["low balance"].text


def test_mails_have_typographic_apostrophes_but_in_addresses() -> None:
    said = letter("Sujet", "L'élève d'Éva : o'brien@lycee.test, https://a.test/l'a", Facts((("D'où", "l'école"),)))
    assert "L’élève d’Éva\u00a0: o'brien@lycee.test, https://a.test/l'a" in said.text
    assert "D’où\u00a0: l’école" in said.text


def test_a_digest_may_wrap_on_a_phone() -> None:
    assert "overflow-wrap:anywhere" in NOTICES["low balance"].html


def test_the_accepted_conditions_can_be_read_again() -> None:
    assert "https://sms.test/conditions/2026-09" in activated().text
