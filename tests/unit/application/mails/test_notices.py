import inspect
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib import import_module
from pkgutil import iter_modules

import pytest

from schoolsms.application.mails import words as all_words
from schoolsms.application.mails.layout import Facts, Notice, letter
from schoolsms.application.mails.words.orders import order_in_review
from schoolsms.domain.orders.review.order_reasons import Reason
from schoolsms.domain.schools.support_contact import SupportContact
from tests.support.mails import every_notice
from tests.support.mails.every_notice import INBOX, MIDNIGHT, MONDAY, NOTICES, activated, incomplete, to_review
from tests.support.mails.printed_signs import unprinted

MONDAY_FR = "lundi 23 novembre 2026 à 16\u00a0h\u00a030 (heure de Paris)"


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
        if tag not in ("meta", "br"):
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
def test_mails_are_written_with_the_signs_of_print(name: str) -> None:
    for part in (NOTICES[name].text, NOTICES[name].html.partition("<body")[2]):
        assert unprinted(re.sub(r"<[^>]*>", "", part)) == []


@pytest.mark.parametrize("name", NOTICES)
def test_no_mail_calls_a_pack_or_a_state_by_its_code(name: str) -> None:
    assert not re.search(r"P1000|« (?:review|incomplete) »|2026-27", NOTICES[name].text + NOTICES[name].subject)


def test_there_is_an_example_of_every_mail() -> None:
    examples = inspect.getsource(every_notice)
    for module in iter_modules(all_words.__path__, f"{all_words.__name__}."):
        for name, made in vars(import_module(module.name)).items():
            if inspect.isfunction(made) and made.__annotations__.get("return") is Notice and name != "letter":
                assert name in examples


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
        "2026-2027",
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
    notice = to_review(Reason("form-altered", "ligne une\n\nVotre décision est prise"))
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
    for said in ("page ajoutée", "quelqu.un@exemple.test", "Quantité de packs de 1\u00a0000\u00a0SMS\u00a0: 2"):
        assert said in text
    assert "SIRET" not in text
    assert "Acceptation des conditions\u00a0: oui" in text
    assert "Établissement\u00a0: Lycée Paul Valéry (0750655E)" in text


def test_the_operator_reads_a_midnight_as_the_end_of_the_day_before() -> None:
    assert MIDNIGHT.isoformat() == "2026-11-30T23:00:00+00:00"  # in Paris the first instant of December
    assert "À traiter avant le\u00a0: lundi 30 novembre 2026 à minuit (heure de Paris)" in NOTICES["to review"].text


def test_what_was_read_stands_in_the_order_of_the_form() -> None:
    text = NOTICES["to review"].text
    places = [text.index(name) for name in ("Code UAI", "Quantité de packs", "Total HT", "Acceptation")]
    assert places == sorted(places)


def test_the_operator_s_mails_lead_to_the_order() -> None:
    for name, notice in NOTICES.items():
        if name.startswith(("to review", "order_deadline", "credit_deadline", "replies capped")):
            assert 'href="https://sms.test/operateur/commandes/BDC-7Q2"' in notice.html, name


def test_every_mail_ends_with_whom_to_ask() -> None:
    for notice in NOTICES.values():
        signed = replace(notice, contact=SupportContact("aide@kosmos.test", "02 40 00 00 00", "https://aide.test"))
        for said in (signed.text, signed.html):
            phone = "02\u00a040\u00a000\u00a000\u00a000"
            assert f"contactez-nous\u00a0: aide@kosmos.test, {phone}, https://aide.test" in said


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
