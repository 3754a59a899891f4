"""Find premium-rate numbers, and addresses that hide where they lead, in a school's message (R25).

The text is judged as a phone will show it. For nearly every text two searches find nothing; `phonenumbers` is imported
for foreign numbers alone.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from schoolsms.domain.texts.patterns import lazily
from schoolsms.domain.texts.shorteners import OF_ONE_PLACE, SHORTENERS

_FREE = "3230 3631 3635 3639 3646 3919 3928 3939 3949 3957 3960 3977 3989 3995"
FREE_SHORT_NUMBERS = frozenset(_FREE.split())
"""Of the four-digit numbers from 32 to 39, those of public and aid services that cost no more than a call.

30 and 31 (3018, 3020, 3114…) are free by the numbering plan.
"""

# Any sign but Latin-1 without its soft hyphen, French typography and pictures: it may look like another one.
_unusual = re.compile("[^\x00-\xac\xae-\xff‘’“”–—…œŒ€\u202f\u2600-\u2775\U0001f300-\U0001faff]").search
_DOT = "[.。．｡]"
_suspicious_digits = re.compile(r"[0-9](?:[\W_]{0,5}[0-9]){3}").search
_suspicious_address = re.compile(
    rf"{_DOT}[^\W\d_]{{2}}|\s{_DOT}\s?[^\W\d_]|[\[({{<]\s?{_DOT}\s?[\])}}>]|{_DOT}\s[^\W\d_]{{2,12}}\s?/"
).search
_host = lazily(rf"(?<![^\W_])[^\W_](?:[\w-]*[^\W_])?(?:{_DOT}[^\W_](?:[\w-]*[^\W_])?)+")
# A dot taken apart: « bit [.] ly », « bit . ly », « bit. ly/abc ». A sentence ends without a space before its dot.
_parted_dot = lazily(
    rf"\s?[\[({{<]\s?{_DOT}\s?[\])}}>]\s?|(?<=\w)\s{_DOT}\s?(?=\w)|(?<=\w){_DOT}\s(?=[^\W\d_]{{2,12}}\s?/)"
)
_wide_dots = str.maketrans("。．｡", "...")

# Signs between the figures of a number, put there to show them or to hide it; commas and colons without spaces.
_apart = r"(?:[\s.…()\[\]{}<>/\\|*~=#+'’\"·•‧∙_‐‑‒–—―−-]{0,5}|[,;:])"
# The surtaxed ranges of the French plan, 081 to 089 but 087, by which nobody pays more: a test asks phonenumbers.
# 10 figures in any grouping, or after +33. Letters after them make another number of it: a pupil's, an account's.
_french_premium = lazily(
    rf"(?<!\d)(?:(?:\+|00){_apart}3{_apart}3{_apart}(?:\(0\){_apart}|0{_apart})?|0{_apart})8{_apart}[1-689](?:{_apart}\d){{7}}"
    r"(?!\d|(?:[A-Z]{1,2}|[a-z])(?!\w)|h(?:\b|\d)|\sh(?!24\b)(?:\b|\d)|:[0-5]\d)"  # but « h24 »: day and night
)
# Dates and times: « le 08/12/2026 14h », « 08:15, 08:20 ». A date that goes on with its separator is none.
_moments = lazily(
    r"(?<![\d/.-])(?:0?[1-9]|[12]\d|3[01])([/.-])(?:0?[1-9]|1[0-2])\1(?:20\d\d|[23]\d)(?!\d|\1\d)"
    r"|(?<![\d/])(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])(?!\d|/\d)"
    r"|(?<!\d)20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)"
    r"|(?<![\d:])(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?!\d|:\d)"
)
# Two times or more on a 24-hour clock, one after another: « 08 15 - 08 30 - 08 45 », « 0815-0910 », one a line.
_clock = r"(?:[01]\d|2[0-3])[ .]?[0-5]\d"
_times = lazily(rf"(?<!\d){_clock}(?:(?:\s{{1,3}}|\s?(?:[-–—/|>+.…]|->|\.{{3}}|\)\s\()\s?|[,;]){_clock})+(?!\d)")
_time = lazily(r"(\d\d)(\D?)(\d\d)")
_goes_on = lazily(rf"{_apart}\d")
_A_RANGE, _MANY = 2, 4
_foreign = lazily(rf"(?:\+|(?<!\d)(?<!\d[\s.:h-])00){_apart}(?!3{_apart}3)[1-9](?:{_apart}\d){{6,14}}")

_in_short = r"[\s.·•‧_]?"
# Short numbers look like amounts, years, codes and house numbers: they count where the text says to call.
_call = (
    r"(?:appel[^\W\d_]*|compos(?:e|ez|er|ant)|fai(?:s|t|tes|re)\s+le|tap(?:e|ez|er|ant)|contact[^\W\d_]*"
    r"|joi(?:gn|nd)[^\W\d_]*|t[ée]l[ée]phon[^\W\d_]*|t[ée]l|sms)(?!\w)[\s:.]*"
    r"(?:(?:nous|directement|vite|maintenant|votre|code|au|le|du|numéro|numero|n°|service|ligne)[\s:]+)*"
)
_short = lazily(
    rf"\b(?:{_call}|au\s+|le\s+(?=118))(?P<short>118{_in_short}\d{_in_short}\d{_in_short}\d|3[2-9]{_in_short}\d\d)"
    r"(?!\w|[\s.,/:-]\d|,?\s?(?:€|%|°|euros?\b|eur\b|k?m\b|h\b|m²|mètres|élèves|places|points|pas\b|pièces|tonnes|kg\b"
    r"|personnes|familles|habitants|repas\b|bis\b|ter\b|rue\b|r\.|route\b|avenue\b|av\b|bd\b|chemin\b|boulevard\b"
    r"|quai\b|cours\b|allée|impasse\b|place\b))",
    re.IGNORECASE,
)
_sms_code = lazily(
    r"\b(?i:envo(?:y\w+|ies?)|r[ée]pond\w+|sms|texto)\s+(?:[A-Z0-9]{2,15}\s+)?"
    r"(?i:par\s+(?:sms|texto)\s+)?au\s+(?P<short>[4-8](?:[\W_]?\d){4})"
    r"(?!\W?\d|\s+[A-ZÀ-Ý])",
)


def forbidden_content(text: str) -> str | None:
    """The part of `text` that may not be sent, and the reason, in French; None for nearly every text."""
    found = _forbidden(text)
    if found is None and _unusual(text):
        # A phone, and who reads it, take full-width and circled signs for plain ones, and do not see invisible ones.
        return _forbidden(_seen_through(text))
    return found


def _seen_through(text: str) -> str:
    """Figures of all scripts and shapes as plain ones, full-width signs narrow, nothing invisible in between."""
    plain = []
    for char in unicodedata.normalize("NFKC", text):
        figure = unicodedata.digit(char, None)
        if figure is not None:
            plain.append(str(figure))
        elif unicodedata.category(char) not in ("Mn", "Me", "Cf"):
            plain.append(char)
    return "".join(plain)


def looks_harmless(text: str) -> bool:
    """Whether there is nothing in `text` that `forbidden_content` would have to look at twice."""
    return not (_suspicious_address(text) or _suspicious_digits(text) or _unusual(text))


def _forbidden(text: str) -> str | None:
    if _suspicious_address(text) and (shortener := _shortener(text)):
        return (
            f"Le message contient un lien raccourci ({shortener}), qui cache où il mène : écrivez l'adresse complète."
        )
    if _suspicious_digits(text) and (number := _premium_number(text)):
        return f"Le message contient un numéro surtaxé ({number}) : un SMS d'établissement n'en porte pas."
    return None


def _shortener(text: str) -> str | None:
    for found in _host.finditer(_parted_dot.sub(".", text)):
        labels = found[0].translate(_wide_dots).casefold().split(".")
        for start in range(len(labels) - 1):
            host = ".".join(labels[start:])
            if host in OF_ONE_PLACE:
                break
            if host in SHORTENERS:
                return host
    return None


def _premium_number(text: str) -> str | None:
    if french := _french_premium.search(_times.sub(_letters_for_time_tables, _moments.sub("x", text))):
        return french[0].strip()
    for found in _short.finditer(text):
        digits = re.sub(r"\D", "", found["short"])
        if digits not in FREE_SHORT_NUMBERS:
            return found["short"]
    if code := _sms_code.search(text):
        return code["short"]
    return next((found[0] for found in _foreign.finditer(text) if _is_premium_abroad(found[0])), None)


def _letters_for_time_tables(found: re.Match[str]) -> str:
    """Times, one after another, with a letter for each row of them that is a time table.

    A row has its times in order. Five pairs of figures may be a number, as in « 08 15 12 30 45 ». So a time table has
    four times or more; or three, in steps of five minutes where more figures follow; or two in such steps, apart by
    another sign than their own figures.
    """
    written = found[0]
    rows: list[list[re.Match[str]]] = []
    for time in _time.finditer(written):
        if rows and _minutes(rows[-1][-1]) <= _minutes(time):
            rows[-1].append(time)
        else:
            rows.append([time])
    follows = _goes_on.match(found.string, found.end()) is not None
    for row in reversed(rows):  # from the end, so that positions stay
        if _is_time_table(row, written, follows=follows and row is rows[-1]):
            written = f"{written[: row[0].start()]}x{written[row[-1].end() :]}"
    return written


def _minutes(time: re.Match[str]) -> int:
    return 60 * int(time[1]) + int(time[3])


def _is_time_table(row: Sequence[re.Match[str]], written: str, *, follows: bool) -> bool:
    by_five = all(int(time[3]) % 5 == 0 for time in row)
    if len(row) == _A_RANGE:
        first, second = row
        within = {first[2].strip(), second[2].strip()}
        between = written[first.end() : second.start()].strip()
        return by_five and bool(between) and within != {between} and len(within) == 1
    return len(row) >= _MANY or (len(row) > _A_RANGE and (by_five or not follows))


@lru_cache(maxsize=256)
def _is_premium_abroad(written: str) -> bool:
    from phonenumbers import PhoneNumberMatcher, PhoneNumberType, number_type  # 20 ms, only for foreign numbers

    international = re.sub(r"^00", "+", re.sub(r"[^0-9+]+", " ", written))
    found = PhoneNumberMatcher(international, None)
    return any(number_type(each.number) == PhoneNumberType.PREMIUM_RATE for each in found)
