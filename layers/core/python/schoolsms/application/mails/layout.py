"""One mail, rendered twice from the same blocks, so that text and HTML always say the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from schoolsms.domain.french import NBSP, printed
from schoolsms.domain.schools.support_contact import SupportContact

_TEAM = "L'équipe du service SMS Skolengo (Kosmos)"
_AUTOMATIC = "Ce message est envoyé automatiquement."

_BODY = "margin:0;padding:16px;background:#ffffff;color:#1a1a1a;font:16px/1.5 Arial,Helvetica,sans-serif"
_CELL = "padding:6px 12px 6px 0;text-align:left;vertical-align:top;border-bottom:1px solid #d9d9d9"
# 64 characters within the 358 px of a phone; programs that do not know min() take 9 px
_UNBROKEN = "font-family:monospace;font-size:9px;font-size:min(14px,2.3vw);white-space:nowrap"
_LINK = "color:#16418C;overflow-wrap:anywhere"
_VALUE = "font-weight:bold;overflow-wrap:anywhere;word-break:break-word"  # a digest has no place to wrap on a phone


@dataclass(frozen=True)
class Points:
    """A bullet list."""

    items: Sequence[str]


@dataclass(frozen=True)
class Facts:
    """A table of name and value."""

    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Link:
    """A paragraph of a label and an address of our own, which leads there when touched."""

    label: str
    url: str


@dataclass(frozen=True)
class Digest:
    """A paragraph of a label and, on a line of its own that is never broken, a long value to copy."""

    label: str
    value: str


Block = str | Points | Facts | Link | Digest


@dataclass(frozen=True)
class Notice:
    """A mail without its recipients; `contact` is named at its end, once it is known whom a school can ask (R51)."""

    subject: str
    blocks: Sequence[Block]
    contact: SupportContact = SupportContact()

    @property
    def text(self) -> str:
        return "\n\n".join([*map(_as_text, self.blocks), "\n".join(map(_line, self._signature))]) + "\n"

    @property
    def html(self) -> str:
        team, *small = map(_escaped, self._signature)
        return (
            '<!DOCTYPE html>\n<html lang="fr"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f'<meta name="color-scheme" content="light"><title>{escape(self.subject, quote=False)}</title></head>\n'
            f'<body style="{_BODY}"><div style="max-width:600px;margin:0 auto">\n'
            + "\n".join(map(_as_html, self.blocks))
            + f'\n<p style="margin:0">{team}</p>\n'
            + "".join(f'<p style="margin:0;color:#595959;font-size:14px">{line}</p>\n' for line in small)
            + "</div></body></html>\n"
        )

    @property
    def _signature(self) -> tuple[str, ...]:
        ways = self.contact.ways
        return (
            _TEAM,
            *((f"Une question ? Répondez à ce message ou contactez-nous : {ways}",) if ways else ()),
            _AUTOMATIC,
        )


def letter(subject: str, *blocks: Block) -> Notice:
    """The mail that says `blocks`, greeted and signed; a text is a paragraph."""
    return Notice(subject, ("Bonjour,", *blocks, "Cordialement,"))


def _as_text(block: Block) -> str:
    match block:
        case Points(items):
            return "\n".join(f"- {_line(item)}" for item in items)
        case Facts(rows):
            return "\n".join(f"{_line(name)}{NBSP}: {_line(value)}" for name, value in rows)
        case Digest(label, value):
            return f"{_line(label)}{NBSP}:\n{value}"
        case Link(label, url):
            return f"{_line(label)}{NBSP}: {url}"
        case str():
            return _line(block)


def _as_html(block: Block) -> str:
    match block:
        case Points(items):
            points = "".join(f'<li style="margin:0 0 8px">{_escaped(item)}</li>' for item in items)
            return f'<ul style="margin:0 0 16px;padding-left:20px">{points}</ul>'
        case Facts(rows):
            cells = "".join(
                f'<tr><th scope="row" style="{_CELL};font-weight:normal;color:#595959">{_escaped(name)}</th>'
                f'<td style="{_CELL};{_VALUE}">{_escaped(value)}</td></tr>'
                for name, value in rows
            )
            return f'<table style="margin:0 0 16px;border-collapse:collapse;width:100%">{cells}</table>'
        case Digest(label, value):
            shown = f'<span style="{_UNBROKEN}">{escape(value)}</span>'
            return f'<p style="margin:0 0 16px">{_escaped(label)}{NBSP}:<br>{shown}</p>'
        case Link(label, url):
            shown = f'<a style="{_LINK}" href="{escape(url)}">{escape(url)}</a>'
            return f'<p style="margin:0 0 16px">{_escaped(label)}{NBSP}: {shown}</p>'
        case str():
            return f'<p style="margin:0 0 16px">{_escaped(block)}</p>'


def _escaped(text: str) -> str:
    return escape(_line(text), quote=False)  # never inside an attribute


def _line(text: str) -> str:
    """One line: what a form says may hold line breaks, which would look like our own paragraphs."""
    return printed(" ".join(text.splitlines()))
