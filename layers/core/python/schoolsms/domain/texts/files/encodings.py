"""Decode a list, in whichever encoding of French spreadsheets it was saved (R3).

UTF-8 and UTF-16 show what they are. The others give a letter to nearly every byte, and a wrong one to a name: Excel for
Windows saves Windows-1252, « CSV (MS-DOS) » CP850, « CSV (Macintosh) » Mac Roman. A reading is possible where its
letters and signs are where people write them. A list with several possible readings is refused, never guessed.
"""

import re
from collections.abc import Callable, Sequence

from schoolsms.domain.errors import RefusedError

# The likeliest first. CP437 has the French letters of CP850 in the same places.
_OLD_ENCODINGS = ("cp1252", "iso8859_15", "cp850", "mac_roman")

_LOWER = "éèêëàâçîïôûùœáãäåæìíñòóõöøúüýÿßšžı"
_UPPER = "ÉÈÊËÀÂÇÎÏÔÛÙŒÁÃÄÅÆÌÍÑÒÓÕÖØÚÜÝŸŠŽ"
_SIGNS = "\u00a0\u202f«»‘’“”–—…€°²³§·•½¼¾×±©®™£µ¿¡ªº´†"
_LETTER = r"[^\W\d_]"

_Search = Callable[[str], re.Match[str] | None]
_misplaced: _Search = re.compile(
    "|".join(
        (
            rf"[^\x00-\x7f{_LOWER}{_UPPER}{_SIGNS}]",
            rf"(?<=[a-z{_LOWER}])[{_UPPER}]",  # ZoÉ
            rf"(?<=[A-Z{_UPPER}])[{_UPPER}](?=[a-z{_LOWER}])",  # DÉpart
            r"(?<=[A-Z])à(?=[A-Z])",  # LàPEZ: French has it at the end of words
            rf"(?<=\d)[{_UPPER.replace('ÉÈ', '')}](?!{_LETTER})",  # 5Û, but 6È
            rf"(?<!\S)(?![àôÀÔ])[{_LOWER}{_UPPER}](?!\S)",  # a letter alone
            # A sign within a word, unless it is that of Jean–Paul, 10–12 or élève·s, or at the wrong end of one.
            rf"(?<={_LETTER})[«»‘“”•×±©®™£µ¿¡§€²³](?={_LETTER})|(?<={_LETTER})[–—](?=[a-z{_LOWER}])",
            rf"(?<={_LETTER})[–—‘“¿¡](?!\S)|[½¼¾”™](?={_LETTER})",
            rf"(?<!{_LETTER})´|´(?!{_LETTER})|{_LETTER}†|†{_LETTER}",  # but l´école, and Dupont †
        )
    )
).search
# Letters and apostrophes where French has them, in the case of their neighbours: other encodings hardly make them. Not
# what a Macintosh makes of the names of others: D’az of Díaz, îscar of Óscar, AÙ of AŸ.
_french: _Search = re.compile(
    rf"(?<![A-Z{_UPPER}]{{2}})(?:(?:é|(?<={_LETTER})[èêëâîïôû]|ê(?=tes|tre)|â(?=[cgmnpt])|î(?=l)|ô(?=t))(?![A-Z{_UPPER}])"
    rf"|œu|ç(?=[aou])|à(?!{_LETTER}))"
    rf"|(?<![a-z{_LOWER}])(?:[ÉÈÊÂ]|(?<={_LETTER})[ËÎÏÔÛ]|Î(?=[lL])|Œ(?=[uU])|Ç(?=[aouAOU])|À(?!{_LETTER}))"
    rf"|(?<!{_LETTER})(?:[oO]ù|OÙ)(?!{_LETTER})"
    rf"|(?<!{_LETTER})(?:[cdjlmnst]’(?=[aeiouyhAEIOUYH{_LOWER}{_UPPER}]{_LETTER})"
    rf"|[CDJLST]’(?=[AEIOUYH{_UPPER}]{_LETTER})|[MNO]’(?=[A-Z{_UPPER}]{_LETTER}))"
).search
# UTF-8 that was read as another encoding and saved again (ZoÃ©, Zo√©, Zo├®), and others that happen to be UTF-8.
_may_be_garbled: _Search = re.compile("[ÂÃâ√├\u0180-\u02af\u0370-\u07ff]").search
_garbled: _Search = re.compile(
    "[ÂÃ][\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|√[^\\s\\d]|├\\S|(?<=[a-zA-ZÀ-ɏ])[\u0370-\u07ff]"
    "|[\u0370-\u07ff](?=[a-zA-ZÀ-ɏ])|[\u0180-\u019f\u01a2-\u01ae\u01b1-\u01cc\u01dd-\u0217\u021c-\u02af]"
).search
announced_separator = re.compile(r'"?sep=(.)"?[;,\t]*(?:\r\n?|\n)', re.IGNORECASE).match
"""The separator that a first line announces to the spreadsheet (group 1)."""

_controls: _Search = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]").search

MOST_LINES = 500_000
"""Lines of a list that is looked at line by line, empty ones included."""

LONGEST_WORD = 5_000
"""Bytes without a space or a separator; longer ones are in no cell of a list."""

_line_ends = re.compile(rb"(?<=\n)|(?<=\r)(?!\n)")
_between_words = re.compile(rb'[\s;,"]+')
_quoted = re.compile(rb'"[^"]*"')


def decoded(content: bytes) -> str:
    """The text of a list, without its mark. Raises RefusedError, which names the row that cannot be read surely."""
    text = _utf16(content) or _utf8(content)
    if text is None:
        text = _line_by_line(content.removeprefix(b"\xef\xbb\xbf"))
    text = text.rstrip("\x1a")  # by which programs of DOS end a text
    if _controls(text):
        raise _no_text()
    return text


def _utf16(content: bytes) -> str | None:
    """With its mark or without: then every other byte of separators, digits and Latin letters is zero."""
    encoding = "utf-16"
    if not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        sample = content[:2_000]
        first, second = (sample[start::2].count(0) for start in (0, 1))
        if max(first, second) * 4 < len(sample) or min(first, second):
            return None
        encoding = "utf-16-be" if first else "utf-16-le"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise _no_text() from None


def _utf8(content: bytes) -> str | None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if _may_be_garbled(text) and _garbled(text) else text


def _line_by_line(content: bytes) -> str:
    """Lists are put together of others: the lines that are UTF-8, and the rest, all in one encoding."""
    if content.count(b"\n") + content.count(b"\r") > MOST_LINES:
        raise RefusedError("La liste a trop de lignes : enlevez celles qui sont vides.", "invalid-list")
    lines = _line_ends.split(content)
    texts = [_utf8(line) for line in lines]
    words: dict[bytes, int] = {}
    for number, text in enumerate(texts):
        if text is None:
            for word in _between_words.split(lines[number]):
                if not word.isascii():
                    words.setdefault(word, number)
    encoding, doubtful = _encoding_of(list(words))
    if encoding is None:
        raise _unsure(lines[: words[doubtful]])
    return "".join(line.decode(encoding) if text is None else text for line, text in zip(lines, texts, strict=True))


def _encoding_of(words: Sequence[bytes]) -> tuple[str | None, bytes]:
    """The one encoding in which all the words make sense; None if there is none or several, and the word in doubt."""
    # A byte that is no character of an encoding becomes U+FFFD, which is misplaced everywhere.
    if too_long := next((word for word in words if len(word) > LONGEST_WORD), None):
        return None, too_long
    readings = {name: [word.decode(name, "replace") for word in words] for name in _OLD_ENCODINGS}
    doubts = {name: next(filter(_is_misread, reading), None) for name, reading in readings.items()}
    possible = [name for name, doubt in doubts.items() if doubt is None]
    if not possible:
        furthest = max(readings[name].index(doubt) for name, doubt in doubts.items() if doubt is not None)
        return None, words[furthest]
    likeliest, *others = possible
    is_french = any(map(_french, readings[likeliest]))
    if likeliest != _OLD_ENCODINGS[0] and not is_french:
        return None, words[0]
    if likeliest == _OLD_ENCODINGS[0] and is_french:
        # Nearly all lists are in it: where it has French letters, a reading without any is no reason to doubt.
        others = [name for name in others if any(map(_french, readings[name]))]
    for at, word in enumerate(words):
        read = readings[likeliest][at]
        if any(readings[name][at] != read for name in others):
            return None, word
        if likeliest != _OLD_ENCODINGS[0] and _is_doubtful(read) and _is_french_elsewhere(word, likeliest):
            return None, word
    return likeliest, b""


def _is_doubtful(read: str) -> bool:
    """Not French, or a small letter first: the É of DOS is ê to a Macintosh, the É of a Macintosh is â to DOS."""
    return not _french(read) or read[0] in "âê"


def _is_french_elsewhere(word: bytes, encoding: str) -> bool:
    """Whether a word is one of a line from another list, in another encoding: Franáois, amid words of Mac Roman."""
    others = (word.decode(name, "replace") for name in _OLD_ENCODINGS if name != encoding)
    return any(_french(other) and not _is_misread(other) for other in others)


def _is_misread(word: str) -> bool:
    return bool(_misplaced(word) or _garbled(word))


def _no_text() -> RefusedError:
    return RefusedError(
        "Ce fichier n'est pas un CSV : il contient autre chose que du texte. Dans votre tableur, enregistrez-le en "
        "« CSV UTF-8 ».",
        "invalid-list",
    )


def _unsure(before: Sequence[bytes]) -> RefusedError:
    """The refusal of the row after these lines, as a spreadsheet counts: line ends within quotes do not."""
    written = b"".join(before)
    row = len(_line_ends.split(_quoted.sub(b"", written)))
    if announced_separator(written.decode("latin-1")):
        row -= 1  # that line is for the spreadsheet alone, which does not show it
    return RefusedError(
        f"Ligne {row} : une lettre accentuée ne peut pas être lue sûrement. Dans votre tableur, enregistrez la liste "
        "en « CSV UTF-8 ».",
        "invalid-list",
    )
