"""Terms of purchase that a school types where its own particulars belong (§2, R5).

The list of words is only the second check, because none is complete. The first is that each field takes few words.
"""

import re
from collections.abc import Iterator, Mapping

from schoolsms.domain.french import without_accents

_MOST_WORDS = {
    "school_name": 20,
    "address": 30,
    "contact_name": 8,
    "contact_role": 10,
    "contact_email": 3,
    "contact_phone": 12,
    "service_code": 6,
    "engagement_number": 6,
    "place_and_date": 14,
}
"""Words that a field may have: a place and a date, a function, a name are short; a clause is a sentence."""

# Without accents. "Réserve" and "remise" alone are names of streets; "facturation" and "paiement" are functions.
_TERMS = re.compile(
    r"\b(sous|ss|s)[ ./]+(toutes? )?res(erves?)?\b|\breserve (de|du|d'|des|que)\b"
    r"|\ba (la )?condition\b|\bconditionn|\bclauses?\b|\bstipul|\bccag\b|\bcga\b|\bcgv\b"
    r"|\bannul(able|ation|er|ee?)\b|\bresili|\bretract|\brembours(able|ement|er|e)\b"
    r"|\bpayable|\bpaye?e? (a|en|sous|apres)\b|\b(paiement|reglement|echeance|delai)s? (a|de|en|sous|differe|apres)\b"
    r"|\b[0-9]+ (jours?|mois)\b|\bpenalites?\b|\bsauf\b|\ba defaut\b|\bgratuit|\bofferte?s?\b|\brabais\b"
    r"|\bvalable (si|apres|sous|jusqu|seulement|uniquement)\b|\b(sous|si|apres) (accord|vote|validation)\b"
    r"|\ba valider\b|\ben attente (de|d'|du)|\ba titre (d'essai|gratuit|provisoire)\b"
    r"|\blivraison (avant|sous|au plus)\b|\b(sans|hors) tva\b"
    r"|\b(prix|tarifs?) ([0-9]|de [0-9]|negocie|convenu|maximum|max\b)|\bpacks?\b|€|\b[0-9]+ ?euros?\b"
    r"|\bremise (de|[0-9])|\b[0-9]+ ?%|\bau lieu de\b|\bnous (refusons|n'acceptons|excluons|exigeons|demandons)\b"
)


def stipulations(fields: Mapping[str, str], issued: Mapping[str, str]) -> Iterator[str]:
    """The names of the fields of a form that may hold a clause; what stood in them when it was `issued` is none."""
    for name, most in _MOST_WORDS.items():
        written = bare(fields.get(name, ""))
        if not written or written == bare(issued.get(name, "")):
            continue
        if len(written.split()) > most or _TERMS.search(written):
            yield name


def names_terms(text: str) -> bool:
    """Whether `text`, which is in no field, uses words of a clause."""
    return bool(_TERMS.search(bare(text)))


def bare(text: str) -> str:
    """`text` in lower case without accents, on one line."""
    return " ".join(without_accents(text).casefold().replace("\u2019", "'").replace("œ", "oe").split())
