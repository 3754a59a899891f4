"""Pages of the mails of the service, and of the screen of a simulated phone, as people read them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import quote

from aiohttp import web

from local.stack.pages.layout import moment, page

Mail = Mapping[str, Any]


def outbox(mails: Sequence[Mail]) -> web.Response:
    """The list, newest first. A mail is numbered from 1 in the order of sending, so that its address stays."""
    rows = "".join(
        f"<tr><td>{moment(mail['sent_at'])}</td><td>{escape(', '.join(mail['to']))}</td>"
        f'<td><a href="/local/outbox/{number}">{escape(mail["subject"])}</a></td>'
        f"<td class=right>{len(mail['attachments']) or ''}</td></tr>"
        for number, mail in reversed(list(enumerate(mails, 1)))
    )
    table = (
        "<table><thead><tr><th>Envoyé le</th><th>À</th><th>Objet</th><th class=right>Pièces jointes</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )
    return page("Courriels envoyés", table if mails else "<p>Le service n’a encore rien envoyé.</p>")


def mail(number: int, shown: Mail) -> web.Response:
    """One mail as a mail program shows it: its HTML in a frame in which nothing runs, its text below."""
    attachments = "".join(
        f'<li><a href="/local/outbox/{number}/attachments/{index}">{escape(each["filename"] or "sans nom")}</a> '
        f"<span class=soft>{escape(each['content_type'])}</span></li>"
        for index, each in enumerate(shown["attachments"], 1)
    )
    html, text = shown["html"], shown["text"]
    return page(
        shown["subject"],
        f"<p>De {escape(shown['from'] or '')}<br>à {escape(', '.join(shown['to']))}<br>"
        f"le {moment(shown['sent_at'])}</p>"
        + (f"<h2>Pièces jointes</h2><ul>{attachments}</ul>" if attachments else "")
        + (f'<h2>Message</h2><iframe sandbox title="Message" srcdoc="{escape(html)}"></iframe>' if html else "")
        + (f"<h2>En texte seul</h2><pre>{escape(text)}</pre>" if text else ""),
    )


def attachment(shown: Mail, index: int) -> web.Response:
    """The bytes of an attachment, numbered from 1; 404 if there is none."""
    try:
        found = dict(enumerate(shown["attachments"], 1))[index]
        content = base64.b64decode(found["base64"])
    except (LookupError, binascii.Error):
        raise web.HTTPNotFound from None
    name = quote(found["filename"] or "piece-jointe")
    headers = {"Content-Disposition": f"inline; filename*=UTF-8''{name}", "Content-Security-Policy": "sandbox"}
    return web.Response(body=content, content_type=found["content_type"].partition(";")[0], headers=headers)


def phone(number: str, shown: Sequence[Mapping[str, Any]]) -> web.Response:
    """The screen of a phone, oldest first, and a way to answer what reached it last."""
    bubbles = "".join(
        f"<p class=soft>{moment(sms['received_at'])}, de {escape(sms['sender'] or 'un numéro court')}, "
        f"{sms['parts']} SMS ({escape(sms['encoding'])}), par {escape(sms['provider'])}</p>"
        f"<div class=sms>{escape(sms['text'])}</div>"
        for sms in shown
    )
    answer = (
        f'<h2>Répondre</h2><form method=post action="/local/phones/{escape(number)}/reply">'
        "<label for=text>Texte (STOP met fin aux SMS de l’établissement)</label>"
        "<input id=text name=text value=STOP required><button>Envoyer la réponse</button></form>"
    )
    return page(f"Téléphone {number}", bubbles + answer if shown else "<p>Aucun SMS n’est arrivé sur ce téléphone.</p>")
