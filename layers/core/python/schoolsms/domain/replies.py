"""What recipients answer: by which words they ask for no more messages (R24).

An answer asks for it when one of `STOP_WORDS` stands in it and nothing beside that could mean something else: a consent
is not ended by "le bus s'arrête", nor kept up because somebody was polite.
"""

import re
import unicodedata

STOP_WORDS = frozenset(("stop", "arret", "stopsms"))
"""Without accents, in small letters, as all words here."""

BESIDE = frozenset(
    (
        *("svp", "stp", "s", "il", "vous", "te", "plait", "merci", "bonjour"),
        *("au", "aux", "a", "de", "des", "les", "ces", "vos", "tous", "tout", "sms", "message", "messages"),
        *("pub", "all", "je", "ne", "n", "m", "me", "veux", "plus", "rien", "ecrivez", "envoyez", "recevoir"),
    )
)
"""What may stand beside one: politeness, and what is to stop."""

LONGEST = 100
"""Characters; who writes more says more than that."""

_short_code = re.compile(r"3[0-9]{4}").fullmatch
_words = re.compile(r"[a-z0-9]+").findall


def asks_to_stop(text: str) -> bool:
    """Whether a recipient's answer means: no more messages. "Stop !", "ARRÊT SMS svp", "Stop au 36123", "s.t.o.p"."""
    if len(text.strip()) > LONGEST:
        return False
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    words = _words(plain.casefold())
    if "".join(words) in STOP_WORDS:
        return True
    beside = [word for word in words if word not in STOP_WORDS]
    return len(beside) < len(words) and all(word in BESIDE or _short_code(word) for word in beside)
