"""Writes `console/texts/sms/signs.ts`: the signs of GSM-7, the limits of SMS and the words
of headings, as the domain has them.

The browser counts by the same table as the service; a test proves that it comes to the same counts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from local.machine.settings import ROOT
from local.machine.state_files import write_whole
from schoolsms.domain.sending import estimates, recipients
from schoolsms.domain.texts import sms_text, typography
from schoolsms.domain.texts.files import phone_headings

WRITTEN = ROOT / "console" / "texts" / "sms" / "signs.ts"


def write_signs() -> None:
    """Write the file again if the domain changed."""
    made = sign_table()
    if not WRITTEN.exists() or WRITTEN.read_text("utf-8") != made:
        write_whole(WRITTEN, made.encode())


def sign_table() -> str:
    """The text of the file. What nobody sees is escaped."""
    emoji = typography.EMOJI_BLOCKS
    values: dict[str, object] = {
        "GSM_BASIC": _signs(sms_text.GSM_BASIC),
        "GSM_EXTENSION": _signs(sms_text.GSM_EXTENSION),
        "GSM_SINGLE": sms_text.GSM_SINGLE,
        "GSM_PART": sms_text.GSM_PART,
        "UNICODE_SINGLE": sms_text.UNICODE_SINGLE,
        "UNICODE_PART": sms_text.UNICODE_PART,
        "MAX_SMS": sms_text.MAX_SMS,
        "MAX_CHARACTERS": sms_text.MAX_CHARACTERS,
        "MAX_UNICODE_UNITS": sms_text.MAX_UNICODE_UNITS,
        "LONGEST_RENDERED": recipients.LONGEST_RENDERED,
        "STAND_IN": estimates.STAND_IN,
        "AROUND": _signs(typography.AROUND),
        "BIDI_CONTROLS": _signs(typography.BIDI_CONTROLS),
        "UNSEEN_FILLERS": _signs(typography.UNSEEN_FILLERS),
        "LOST": typography.LOST,
        "EMOJI_BLOCKS": [emoji.start, emoji.stop],
        "PLAIN": _by_sign(typography.PLAIN),
        "STRIPPED": typography.STRIPPED,
        "MOBILE_WORDS": sorted(phone_headings.MOBILE),
        "PHONE_WORDS": sorted(phone_headings.PHONE),
        "NUMBER_WORDS": sorted(phone_headings.NUMBER),
        "MESSAGE_WORDS": sorted(phone_headings.MESSAGE),
        "WORDS_AROUND": sorted(phone_headings.AROUND),
        "RUN_TOGETHER": phone_headings.PART,
    }
    lines = ["// Written by `python -m local.console` from `domain/texts/`: change it there.", ""]
    for name, value in values.items():
        kind = ": Readonly<Record<string, string>>" if isinstance(value, Mapping) else ""
        lines.append(f"export const {name}{kind} = {json.dumps(value)};")
    return "\n".join([*lines, ""])


def _signs(signs: str | frozenset[str]) -> str:
    return "".join(sorted(signs))


def _by_sign(table: Mapping[int, str]) -> Mapping[str, str]:
    return {chr(code): written for code, written in table.items()}
