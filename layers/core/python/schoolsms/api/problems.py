"""Translates the errors of a body or a query into French: never with the value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from schoolsms.api.json_bodies import AmbiguousJson
from schoolsms.domain.french import printed

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_ONE_OF_SEVERAL = ("DecisionBody", "CorrectionDecisionBody")
"""Discriminated unions: pydantic prefixes its error locations with the tag, which we drop."""

_FRENCH: Mapping[str, str] = {
    "missing": "Ce champ est obligatoire.",
    "extra_forbidden": "Ce champ n'existe pas.",
    "string_type": "Un texte est attendu.",
    "string_unicode": "Ce texte contient des caractères invalides.",
    "string_illegible": "Ce texte n'a rien de lisible, ou contient des signes invisibles : retapez-le.",
    "field_twice": "Ce champ est donné deux fois : gardez-en un.",
    "string_too_short": "Ce champ ne peut pas être vide.",
    "string_too_long": "Ce texte est trop long : {max_length} caractères au plus.",
    "string_pattern_mismatch": "Ce champ n'a pas la forme attendue.",
    "too_short": "Il en faut au moins {min_length}.",
    "too_long": "Il y en a trop : {max_length} au plus.",
    "list_type": "Une liste est attendue.",
    "dict_type": "Un objet est attendu.",
    "mapping_type": "Un objet est attendu.",
    "model_type": "Un objet est attendu.",
    "model_attributes_type": "Un objet est attendu.",
    "bool_type": "true ou false est attendu.",
    "int_type": "Un nombre entier est attendu.",
    "int_parsing": "Un nombre entier est attendu.",
    "int_from_float": "Un nombre entier est attendu.",
    "decimal_parsing": "Un nombre est attendu.",
    "decimal_type": "Un nombre est attendu.",
    "decimal_max_places": "{most} décimales au plus.",
    "greater_than_equal": "La valeur minimale est {ge}.",
    "less_than_equal": "La valeur maximale est {le}.",
    "union_tag_invalid": "Valeurs possibles : {expected_tags}.",
    "union_tag_not_found": "Le champ {discriminator} est obligatoire.",
    "literal_error": "Valeurs possibles : {expected}.",
    "json_invalid": "Le corps de la requête n'est pas du JSON.",
}


def problems_of(error: ValidationError | AmbiguousJson) -> list[dict[str, str]]:
    """Each thing wrong: the field, a stable code and a French sentence; never the value."""
    if isinstance(error, AmbiguousJson):
        return [{"field": error.field, "code": error.code, "detail": printed(_FRENCH[error.code])}]
    return [
        {
            "field": _field(error.title, each),
            "code": each["type"],
            "detail": printed(_french(each["type"], each["msg"], each.get("ctx", {}))),
        }
        for each in error.errors(include_url=False, include_input=False)[:100]
    ]


_MEDIA = frozenset(
    (
        *("media", "medias", "media_url", "media_urls", "attachment", "attachments", "file", "files", "mms"),
        *("image", "images", "image_url", "picture", "pictures", "photo", "photos"),
        *("audio", "sound", "sounds", "voice", "video", "videos"),
    )
)
"""Names of fields by which other services take media."""


def carries_media(error: ValidationError | AmbiguousJson) -> bool:
    """Whether the body has a field for media, which no SMS of this service carries (R3)."""
    if isinstance(error, AmbiguousJson):
        return False
    found = error.errors(include_url=False, include_input=False)
    return any(each["type"] == "extra_forbidden" and str(each["loc"][-1]).lower() in _MEDIA for each in found)


_OURS = frozenset(
    (
        *("siret", "sender_name", "managers", "email", "country", "certificate"),
        *("text_or_template", "recipients_or_list", "send_at", "collected_at"),
    )
)
"""Errors that our own validators raise, in French already."""


def _field(model: str, found: ErrorDetails) -> str:
    """Named as in the body: pydantic puts the tag of a union before the fields, and none on the tag itself."""
    if found["type"].startswith("union_tag"):
        return str(found.get("ctx", {}).get("discriminator", "")).strip("'")
    parts = found["loc"][1:] if model in _ONE_OF_SEVERAL else found["loc"]
    return ".".join(str(part) for part in parts)


def _french(code: str, message: str, context: Mapping[str, Any]) -> str:
    if code in _OURS:
        return message
    if code == "date_out_of_range":
        return message
    if code.startswith(("date", "datetime")):
        return "Une date de la forme AAAA-MM-JJ est attendue."
    words = {name: str(value).replace("'", "").replace(" or ", " ou ") for name, value in context.items()}
    return _FRENCH.get(code, "Cette valeur n'est pas acceptée.").format_map(words)
