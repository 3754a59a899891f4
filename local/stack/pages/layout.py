"""Shape of the local pages, spelling of moments, and whether a browser asks."""

from __future__ import annotations

import re
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from aiohttp import web

PARIS = ZoneInfo("Europe/Paris")

STYLE = """
:root{--ink:#1d2433;--soft:#57607a;--navy:#16418c;--field:#edf2fc;--line:#c9d4ea;--page:#fff}
@media(prefers-color-scheme:dark){:root{--ink:#e8ecf6;--soft:#aab4cc;--navy:#9dbcff;--field:#1d2740;--line:#3a4768;
--page:#121826}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:64rem;padding:1.5rem 1rem 4rem;background:var(--page);color:var(--ink);
font:1rem/1.5 Lato,"Helvetica Neue",Arial,sans-serif}
h1{color:var(--navy);font-size:1.7rem;line-height:1.2;margin:.5rem 0}
h2{color:var(--navy);font-size:1.2rem;margin:2.5rem 0 .5rem;border-top:1px solid var(--line);padding-top:1rem}
.card h2{margin:0;border:0;padding:0} .card p{margin:.25rem 0}
h3{font-size:1rem;margin:0 0 .25rem}
a{color:var(--navy)} p{max-width:70ch} .soft{color:var(--soft)} .right{text-align:right}
nav a{margin-right:1rem}
.cards{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(17rem,1fr))}
.card,.sms{background:var(--field);border-radius:6px;padding:1rem}
.sms{max-width:34rem;margin:.75rem 0;white-space:pre-wrap;overflow-wrap:anywhere}
textarea,input{width:100%;font:.8rem/1.4 ui-monospace,monospace;color:inherit;background:var(--page);
border:1px solid var(--line);border-radius:4px;padding:.5rem;resize:vertical}
button{font:inherit;background:var(--navy);color:var(--page);border:0;border-radius:4px;padding:.4rem 1rem;
margin-top:.5rem}
table{border-collapse:collapse;width:100%} th,td{text-align:left;vertical-align:top;padding:.4rem .75rem .4rem 0;
border-bottom:1px solid var(--line)} pre{background:var(--field);border-radius:6px;padding:1rem;overflow-x:auto}
iframe{width:100%;height:38rem;border:1px solid var(--line);border-radius:6px;background:#fff}
"""

NAVIGATION = (
    ("/", "Console"),
    ("/local/", "Essayer"),
    ("/local/outbox", "Courriels"),
    ("/v1/openapi.json", "Description de l’API"),
)


def page(title: str, body: str) -> web.Response:
    """A whole page in French; `body` is HTML, `title` text."""
    links = "".join(f'<a href="{address}">{name}</a>' for address, name in NAVIGATION)
    text = (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)} – Skolengo SMS, en local</title><style>{STYLE}</style></head>"
        f"<body><nav>{links}</nav><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
    return web.Response(text=text, content_type="text/html")


def moment(instant: str) -> str:
    """An ISO 8601 instant as it reads in Paris."""
    return datetime.fromisoformat(instant).astimezone(PARIS).strftime("%d/%m/%Y à %H:%M:%S")


def prefers_html(accept: str) -> bool:
    """Whether an Accept header asks for HTML rather than for JSON, which is what programs get by default."""
    return _quality(accept, "text/html") > _quality(accept, "application/json")


def _quality(accept: str, wanted: str) -> float:
    """RFC 9110: the q of the most exact range that `wanted` is in, 0 if there is none."""
    ranges = {wanted: 2, f"{wanted.partition('/')[0]}/*": 1, "*/*": 0}
    best = (-1, 0.0)
    for item in accept.split(","):
        name, *parameters = (part.strip().lower() for part in item.split(";"))
        quality = next((part[2:] for part in parameters if part.startswith("q=")), "1")
        if name in ranges and re.fullmatch(r"[01](\.\d*)?", quality):
            best = max(best, (ranges[name], float(quality)))
    return best[1]
