"""The words that a person wrote in a mail, as plain text."""

import codecs
import html
import re

LONGEST_TEXT = 20_000
_MOST_BYTES = 200_000

_TAG = re.compile(r"(<[^<>]*>)")
_NAME = re.compile(r"<(/?)([a-z0-9!-]*)", re.IGNORECASE)
_UNSEEN = frozenset(("style", "script", "head", "title"))
_BREAKS = frozenset(("br", "p", "div", "tr", "li", "h1", "h2", "h3", "blockquote"))
_OF_HOST_NAMES = frozenset(("punycode", "idna"))
"""Python's codecs that decode no text of a mail: they take quadratic time, or raise OverflowError."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def plain_text(content: bytes, charset: str, *, is_html: bool) -> str:
    """The text of `content`, its pages without tags; at most `LONGEST_TEXT` characters. Never raises."""
    content = content[:_MOST_BYTES]
    try:
        codec = codecs.lookup(charset or "utf-8").name
        text = content.decode("utf-8" if codec in _OF_HOST_NAMES else codec)
    except (LookupError, ValueError):
        text = content.decode("cp1252", "replace")
    if is_html:
        text = html.unescape(_without_tags(text))
    text = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " "))
    # Line by line, because a pattern for spaces before a line's end takes quadratic time in a line of spaces.
    lines = "\n".join(line.rstrip(" \t") for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()[:LONGEST_TEXT]


def _without_tags(page: str) -> str:
    """One pass over the tags, because a pattern that looks for each end tag takes quadratic time."""
    seen: list[str] = []
    unseen = ""
    for piece in _TAG.split(page):
        tag = _NAME.match(piece)
        closing, name = (tag[1], tag[2].lower()) if tag else ("", "")
        if unseen:
            unseen = "" if closing and name == unseen else unseen
        elif tag and name in _UNSEEN and not closing:
            unseen = name
        elif tag:
            seen.append("\n" if name in _BREAKS else "")
        else:
            seen.append(piece)
    return "".join(seen)
