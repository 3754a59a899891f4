"""Texts with variables that a school keeps to use again, without any personal data (R19, R43)."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from schoolsms.domain.errors import RefusedError
from schoolsms.domain.sending.recipients import MOST_VARIABLES
from schoolsms.domain.texts.half_written import SuspiciousPlaceholder, half_written
from schoolsms.domain.texts.placeholders import compile_template, normalise_name
from schoolsms.domain.texts.typography import forbidden_characters, is_blank, prepare, unsendable

MOST_TEMPLATES = 200
"""Templates a school keeps."""

LONGEST_NAME = 60

# A name that can be part of a path without being mistaken for anything else.
_name = re.compile(rf"[^\W_][\w .'’-]{{0,{LONGEST_NAME - 1}}}").fullmatch


@dataclass(frozen=True, slots=True)
class TemplateNamed:
    """The wording of a request that names a template in place of a text."""

    name: str


Wording = str | TemplateNamed
"""The message to be written: a text, or a template by its name."""


@dataclass(frozen=True)
class StoredTemplate:
    """`name` as the school writes it; `text` composed (NFC), lines ended by LF."""

    name: str
    text: str
    updated_at: datetime

    @property
    def key(self) -> str:
        """Names that differ by case or accents alone name the same template."""
        return key_of(self.name)

    @property
    def variables(self) -> tuple[str, ...]:
        """In order of appearance, each as first written."""
        return compile_template(self.text).names


def key_of(name: str) -> str:
    """The key under which `name` is kept."""
    return normalise_name(_composed(name))


def checked(name: str, text: str, at: datetime, *, confirm_placeholders: bool = False) -> StoredTemplate:
    """A template to keep. Raises RefusedError for a name or a text that is none.

    A half-written variable is refused here, because otherwise each request with the template would be, and a sender may
    not mend it. `confirm_placeholders`: it is meant to be read as it is.
    """
    name = _composed(name)
    if not _name(name):
        raise RefusedError(
            f"Un nom de modèle a de 1 à {LONGEST_NAME} lettres, chiffres, espaces, points, apostrophes ou tirets, "
            "et commence par une lettre ou un chiffre.",
            "invalid-template-name",
        )
    text = prepare(text, "unicode")
    if is_blank(text) or forbidden_characters(text):
        raise RefusedError(unsendable(text, "Le modèle"), "forbidden-content")
    if compile_template(text).places > MOST_VARIABLES:
        raise RefusedError(f"Un message porte au plus {MOST_VARIABLES} variables.", "too-many-variables")
    marks = "" if confirm_placeholders else half_written(text).anyway()
    if marks:
        raise RefusedError(SuspiciousPlaceholder(marks).detail, "suspicious-placeholder")
    return StoredTemplate(name, text, at)


def _composed(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())
