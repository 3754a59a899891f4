"""One mail, rendered twice from the same blocks, so that text and HTML always say the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from schoolsms.domain.french import NBSP, no_break

_SIGNATURE = ("L'équipe du service SMS Skolengo (Kosmos)", "Ce message est envoyé automatiquement.")

_BODY = "margin:0;padding:16px;background:#ffffff;color:#1a1a1a;font:16px/1.5 Arial,Helvetica,sans-serif"
_CELL = "padding:6px 12px 6px 0;text-align:left;vertical-align:top;border-bottom:1px solid #d9d9d9"


@dataclass(frozen=True)
class Notice:
    """A mail without its recipients."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Points:
    """A bullet list."""

    items: Sequence[str]


@dataclass(frozen=True)
class Facts:
    """A table of name and value."""

    rows: Sequence[tuple[str, str]]


Block = str | Points | Facts


def letter(subject: str, *blocks: Block) -> Notice:
    """The mail that says `blocks`, greeted and signed; a text is a paragraph."""
    blocks = ("Bonjour,", *blocks, "Cordialement,")
    text = "\n\n".join([*map(_as_text, blocks), "\n".join(_SIGNATURE)]) + "\n"
    team, automatic = map(_escaped, _SIGNATURE)
    html = (
        '<!DOCTYPE html>\n<html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="color-scheme" content="light"><title>{escape(subject, quote=False)}</title></head>\n'
        f'<body style="{_BODY}"><div style="max-width:600px;margin:0 auto">\n'
        + "\n".join(map(_as_html, blocks))
        + f'\n<p style="margin:0">{team}</p>\n'
        f'<p style="margin:0;color:#595959;font-size:14px">{automatic}</p>\n'
        "</div></body></html>\n"
    )
    return Notice(subject, text, html)


def _as_text(block: Block) -> str:
    match block:
        case Points(items):
            return "\n".join(f"- {_line(item)}" for item in items)
        case Facts(rows):
            return "\n".join(f"{_line(name)}{NBSP}: {_line(value)}" for name, value in rows)
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
                f'<td style="{_CELL};font-weight:bold">{_escaped(value)}</td></tr>'
                for name, value in rows
            )
            return f'<table style="margin:0 0 16px;border-collapse:collapse;width:100%">{cells}</table>'
        case str():
            return f'<p style="margin:0 0 16px">{_escaped(block)}</p>'


def _escaped(text: str) -> str:
    return escape(_line(text), quote=False)  # never inside an attribute


def _line(text: str) -> str:
    """One line: what a form says may hold line breaks, which would look like our own paragraphs."""
    return no_break(" ".join(text.splitlines()))
