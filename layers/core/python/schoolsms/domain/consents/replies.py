"""Recognise the answers of a recipient that ask for no more messages (R24).

An answer asks for it when its first word is a stop word, whatever follows. An answer with words before the stop word
asks for it only when no other word could mean something else: "le bus s'arrête" ends no consent. A manager reads every
other answer.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

LONGEST_TEXT = 10_000
"""The most characters of an answer that are kept, more than the longest SMS has."""

STOP_WORD = re.compile(
    # Doubled letters and a zero for the letter, as thumbs type; "stop" joined to what is to stop, or to a short code.
    r"(?:s+t+[o0]+p+)+s?(?:(?:all|tout|tous|sms|pub|svp|stp|merci|[0-9]{1,6})s?)?"
    r"|ar+et+(?:e|es|ez|er|s)?(?:sms|pub|svp|stp|all)?"
    r"|desins?cri(?:ption|re|s|t|te|vez)|desabon+e(?:ment|r|z|s|e)?|unsub(?:scribe)?|optout"
    r"|стоп|στοπ"
)
"""Without accents, in small letters, as all words here."""

_DECREE = re.compile(r"ar+[eéèê]tés?")
""""Arrêté" is a decree, which closes schools; only its accent tells it from "arrête"."""

STOP_WORDS = frozenset(
    (
        *("stop", "stopsms", "stopall", "arret", "arrets", "stoppe", "stoppez", "stopper", "arreter", "arretez"),
        *("desinscription", "desinscrire", "desinscrivez", "desinscris"),
        *("desabonnement", "desabonner", "desabonne", "desabonnez", "unsubscribe"),
    )
)
"""Ask to stop after other words where nothing else is said: "merci d'arrêter", and not "il s'arrête". Some do not ask
for it by beginning an answer: "stoppez-moi si je me trompe"."""

BESIDE = frozenset(
    (
        *(
            "svp",
            "stp",
            "s",
            "il",
            "vous",
            "te",
            "plait",
            "merci",
            "bonjour",
            "bonsoir",
            "madame",
            "monsieur",
            "re",
            "ok",
        ),
        *("au", "aux", "a", "de", "des", "les", "ces", "vos", "tous", "tout", "sms", "message", "messages", "textos"),
        *("pub", "all", "je", "ne", "n", "m", "me", "moi", "veux", "voudrais", "souhaite", "desire", "veuillez"),
        *("plus", "rien", "ecrivez", "envoyez", "envoyer", "recevoir", "d"),
    )
)
"""Words that may be beside one: of politeness, and of the things that are to stop."""

LONGEST = 100
"""Characters of an answer that does not begin with a stop word; a longer one says more than that."""

_short_code = re.compile(r"3[0-9]{4}").fullmatch
_words = re.compile(r"[^\W_]+").findall
_UNSEEN = frozenset(("Cf", "Mn", "Me"))
"""Categories of signs that nobody sees, or sees on a letter: accents, joiners, variation selectors."""


@dataclass(frozen=True)
class Reply:
    """A recipient's answer as a provider brings it: `phone` as it writes it, `provider_reply_id` its own id."""

    provider: str
    phone: str
    text: str
    provider_reply_id: str = ""


@dataclass(frozen=True)
class HeldReply:
    """An answer on its way to the schools; `phone` in E.164."""

    id: str
    provider: str
    phone: str
    text: str
    received_at: datetime


@dataclass(frozen=True)
class KeptReply:
    """An answer as the managers of a school read it; `phone` in E.164."""

    id: str
    phone: str
    text: str
    received_at: datetime


def asks_to_stop(text: str) -> bool:
    """Whether a recipient's answer means: no more messages. "Stop !", "« STOP » merci", "ARRÊT SMS svp", "s.t.o.p"."""
    # Composed after compatible signs were made plain: full-width and styled letters, letters in circles.
    composed = unicodedata.normalize("NFKC", "".join(c for c in text if unicodedata.category(c) != "Cf")).casefold()
    words = _words(_plain(composed))
    if not words:
        return False
    spelled = "optout" if words[:2] == ["opt", "out"] else _spelled(words)
    if STOP_WORD.fullmatch(words[0]) or STOP_WORD.fullmatch(spelled):
        return not _DECREE.fullmatch(_words(composed)[0])
    if len(text.strip()) > LONGEST:
        return False
    if "".join(words) in STOP_WORDS:
        return True
    beside = [word for word in words if word not in STOP_WORDS]
    return len(beside) < len(words) and all(word in BESIDE or _short_code(word) for word in beside)


def _plain(composed: str) -> str:
    decomposed = unicodedata.normalize("NFKD", composed)
    return "".join(c for c in decomposed if unicodedata.category(c) not in _UNSEEN)


def _spelled(words: list[str]) -> str:
    """The single letters at the beginning, as of "S T O P merci"."""
    letters = next((at for at, word in enumerate(words) if len(word) > 1), len(words))
    return "".join(words[:letters])
