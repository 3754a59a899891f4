"""The page on which anybody reads a version of the conditions (R4)."""

import hashlib
from html import escape

from schoolsms.domain.orders.forms.conditions_layout import pieces

_STYLE = (
    "body{margin:0 auto;padding:24px 16px;max-width:70ch;color:#1f2937;font:17px/1.6 Lato,Arial,sans-serif}"
    "h1,h2{color:#16418c;line-height:1.3}h2{margin-top:2em;font-size:1.2em}"
    "footer{margin-top:3em;padding-top:1em;border-top:1px solid #d9d9d9;font-size:.85em}code{overflow-wrap:anywhere}"
)
_TAGS = {0: "p", 1: "h1", 2: "h2"}


def conditions_page(version: str, text: bytes) -> str:
    """The version as HTML, with the digest by which orders name the published text."""
    said = "\n".join(f"<{_TAGS[level]}>{escape(piece)}</{_TAGS[level]}>" for level, piece in pieces(text.decode()))
    title = f"Conditions particulières SMS, version {version}"
    return (
        '<!DOCTYPE html>\n<html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head>\n<body><main>\n{said}\n</main>\n"
        f'<footer><p>Version {version} : <a href="{version}.pdf">PDF</a>, <a href="{version}.txt">texte publié</a>, '
        f"dont voici l’empreinte (SHA-256), telle que les commandes la conservent :</p>"
        f"<p><code>{hashlib.sha256(text).hexdigest()}</code></p></footer></body></html>\n"
    )
