"""Templates: managers keep them, senders use them, other schools never see them (R2, R19)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from schoolsms.application.sending.accepting.keep_templates import KeepTemplates, text_of
from schoolsms.domain.errors import NotFoundError, RefusedError
from schoolsms.domain.schools.access import Forbidden
from schoolsms.domain.sending.templates import MOST_TEMPLATES, StoredTemplate, TemplateNamed
from tests.fakes.core import FakeSchools, ManualClock
from tests.fakes.sending.templates import FakeTemplates
from tests.support.builders import A_MANAGER, A_SENDER, NOW, OPERATOR, OTHER_UAI, SCHOOL, STRANGER, UAI

TEXT = "Bonjour ((Prénom)), ((nom)) est attendu à ((heure)). ((prenom)) !"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def templates() -> FakeTemplates:
    return FakeTemplates()


@pytest.fixture
def keep(templates: FakeTemplates, clock: ManualClock) -> KeepTemplates:
    return KeepTemplates(FakeSchools(SCHOOL, replace(SCHOOL, uai=OTHER_UAI)), templates, clock)


def test_a_template_is_kept_with_its_variables(keep: KeepTemplates) -> None:
    template, is_new = keep.put(A_MANAGER, "Retard", TEXT)

    assert is_new
    assert template == StoredTemplate("Retard", TEXT, NOW)
    assert template.variables == ("Prénom", "nom", "heure")
    assert keep.show(A_MANAGER, "Retard") == template


def test_a_template_is_replaced_under_its_name(keep: KeepTemplates, clock: ManualClock) -> None:
    keep.put(A_MANAGER, "Absence élève", TEXT)
    clock.advance(timedelta(days=1))

    template, is_new = keep.put(A_MANAGER, "  absence   ELEVE ", "Bonjour")

    assert not is_new
    assert keep.list(A_MANAGER, None).items == [template]
    assert (template.name, template.text) == ("absence ELEVE", "Bonjour")


def test_senders_read_templates_and_never_write_them(keep: KeepTemplates) -> None:
    template, _ = keep.put(A_MANAGER, "Retard", TEXT)

    assert keep.show(A_SENDER, "retard") == template
    assert keep.list(A_SENDER, None).items == [template]
    with pytest.raises(Forbidden):
        keep.put(A_SENDER, "Retard", "Autre")
    with pytest.raises(Forbidden):
        keep.delete(A_SENDER, "Retard")


def test_another_school_sees_none_of_them(keep: KeepTemplates, templates: FakeTemplates) -> None:
    """R2."""
    keep.put(A_MANAGER, "Retard", TEXT)

    assert keep.list(STRANGER, None).items == []
    for act in (keep.show, keep.delete):
        with pytest.raises(NotFoundError):
            act(STRANGER, "Retard")
    assert keep.put(STRANGER, "Retard", "Bonjour")[1]
    assert text_of(templates, UAI, TemplateNamed("Retard")) == TEXT


def test_the_operator_has_no_templates(keep: KeepTemplates) -> None:
    with pytest.raises(Forbidden):
        keep.list(OPERATOR, None)


def test_a_deleted_template_is_gone(keep: KeepTemplates, templates: FakeTemplates) -> None:
    keep.put(A_MANAGER, "Retard", TEXT)

    keep.delete(A_MANAGER, "RETARD")

    for act in (keep.show, keep.delete):
        with pytest.raises(NotFoundError):
            act(A_MANAGER, "Retard")
    with pytest.raises(RefusedError) as refused:
        text_of(templates, UAI, TemplateNamed("Retard"))
    assert refused.value.code == "template-not-found"


def test_a_school_keeps_a_number_of_templates_and_may_still_change_them(keep: KeepTemplates) -> None:
    for number in range(MOST_TEMPLATES):
        keep.put(A_MANAGER, f"Modèle {number}", "Bonjour")

    with pytest.raises(RefusedError) as refused:
        keep.put(A_MANAGER, "Un de trop", "Bonjour")
    assert refused.value.code == "too-many-templates"
    assert keep.put(A_MANAGER, "modèle 0", "Autre")[1] is False
    assert keep.put(STRANGER, "Un de trop", "Bonjour")[1]


@pytest.mark.parametrize(
    "name", ["", " ", "a" * 61, ".", "..", "-a", "a/b", "a?b", "a%2Fb", "a\x00b", "😀", "_", "a\ud800"]
)
def test_a_name_that_could_be_mistaken_is_refused(keep: KeepTemplates, templates: FakeTemplates, name: str) -> None:
    with pytest.raises(RefusedError) as refused:
        keep.put(A_MANAGER, name, TEXT)
    assert refused.value.code == "invalid-template-name"
    assert templates.known == {}


@pytest.mark.parametrize("name", ["a", "6e B", "Rentrée 2026-2027", "L'école", "L’école", "v1.2", "a" * 60])
def test_ordinary_names_are_kept_as_written(keep: KeepTemplates, name: str) -> None:
    assert keep.put(A_MANAGER, name, TEXT)[0].name == name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" \n", "forbidden-content"),
        ("\u0301\u0300", "forbidden-content"),
        ("Bon\x00jour", "forbidden-content"),
        ("\u202emoc.etad", "forbidden-content"),
        ("a\ud800", "forbidden-content"),
        ("((a))" * 51, "too-many-variables"),
    ],
)
def test_a_text_no_sms_can_carry_is_refused(keep: KeepTemplates, text: str, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        keep.put(A_MANAGER, "Retard", text)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("Bonjour {{prenom}}", "« {{prenom}} » (9e caractère)"),
        ("((prenom est absent", "« ((prenom » (1er caractère)"),
        ("Bonjour ((prenom), à ((heure)).", "« ((prenom) » (9e caractère)"),
    ],
)
def test_a_half_written_variable_is_named_before_the_template_is_kept(
    keep: KeepTemplates, templates: FakeTemplates, text: str, marks: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        keep.put(A_MANAGER, "Retard", text)

    assert refused.value.code == "suspicious-placeholder"
    assert f"Les familles liraient {marks} tel quel." in str(refused.value)
    assert templates.known == {}


def test_what_looks_like_a_variable_is_kept_once_it_is_confirmed(keep: KeepTemplates) -> None:
    template, is_new = keep.put(A_MANAGER, "Retard", "Bonjour {{prenom}}", confirm_placeholders=True)

    assert (template.text, is_new) == ("Bonjour {{prenom}}", True)


@pytest.mark.parametrize("text", ["Bonjour {prenom}", "[Collège Valéry] Bonjour ((prenom))", "Désolé :((", "(prenom))"])
def test_marks_that_texts_have_for_other_purposes_need_no_confirmation(keep: KeepTemplates, text: str) -> None:
    """They are judged beside the values of each recipient, when the template is sent."""
    assert keep.put(A_MANAGER, "Retard", text)[0].text == text


def test_a_text_is_kept_composed_with_plain_line_ends_and_its_own_signs(keep: KeepTemplates) -> None:
    """The text for the phone is composed at sending time, in the encoding asked for then."""
    template, _ = keep.put(A_MANAGER, "Retard", "L’e\u0301cole…\r\nest ferme\u0301e")

    assert template.text == "L’école…\nest fermée"


def test_a_text_in_place_of_a_name_is_itself(templates: FakeTemplates) -> None:
    assert text_of(templates, UAI, "((prenom))") == "((prenom))"
