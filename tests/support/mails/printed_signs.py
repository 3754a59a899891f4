"""Signs of print that a French text lacks."""

import re

_ADDRESS = re.compile(r"\S*(?:@|://|/v1/)\S*")
_UNPRINTED = re.compile(r"\w'\w| [:;!?»%€]|« |\d SMS|\d \d{3}\b")


def unprinted(text: str) -> list[str]:
    """Each straight apostrophe between letters, and each space where a line must not break, with what is around it."""
    text = _ADDRESS.sub("", text)
    return [text[max(found.start() - 20, 0) : found.end() + 20] for found in _UNPRINTED.finditer(text)]
