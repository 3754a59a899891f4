"""Whether a mail of the order inbox without any form is a question, not an order (R51)."""

import re

_QUOTED_LINE = re.compile(r"^[^\S\n]*>.*$", re.MULTILINE)
"""Within one line: across lines it would look at all blank ones from each of them, in quadratic time."""

_EARLIER_MAIL = re.compile(
    r"^(?:-{2,}\s*(?:message d.origine|message transféré|original message)|le .{5,120} a écrit\s*:|de\s*: .+|--\s*)$",
    re.IGNORECASE | re.MULTILINE,
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_ENCLOSES = re.compile(
    r"\bci[- ]joint|pi[eè]ces? jointes?|\ben p\.?j\b"
    r"|\bje vous (?:envoie|transmets|adresse|retourne|renvoie|fais parvenir)"
    r"|\bveuillez trouver|\bvous trouverez|\bvoici (?:le|notre|mon|la)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:comment|pourquoi|combien|est-ce que|quand|quelle?s?|puis-je|peut-on|pouvez[- ]vous|pourriez[- ]vous|"
    r"savoir si|je (?:souhaite|voudrais|souhaiterais|cherche)|j.aimerais|ne (?:fonctionne|marche)|n.arrive pas|"
    r"probl[eè]me|question|aide|renseignement|information)\b",
    re.IGNORECASE,
)
_ORDERS = re.compile(r"\b(?:command\w*|packs?|bons?|devis|bdc)\b", re.IGNORECASE)
_FEWEST_WORDS = 4


def is_question(subject: str, text: str) -> bool:
    """Whether `text`, without what it quotes, asks something, or speaks of anything but an order.

    A mail that says that it encloses a form has forgotten it, whatever it asks besides.
    """
    own = _EARLIER_MAIL.split(_QUOTED_LINE.sub("", text), maxsplit=1)[0]
    sentences = _SENTENCE.findall(own)
    if any(_ENCLOSES.search(each) for each in sentences if not each.rstrip().endswith("?")):
        return False
    if len(re.findall(r"\w+", own)) < _FEWEST_WORDS:
        return "?" in own or "?" in subject
    return "?" in own or _ASKS.search(own) is not None or not _ORDERS.search(f"{subject} {own}")
