"""`/local/`: what a person who tries the service can see behind the console."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from aiohttp import web

from local.stack.pages.layout import moment, page
from local.stack.pages.personas import PERSONAS, Persona

BEHAVIOURS = (
    ("01", "injoignable"),
    ("02", "jamais d’accusé de réception"),
    ("03", "opérateur occupé au premier essai, puis accepté"),
    ("04", "numéro refusé par l’opérateur"),
    ("05", "accepté, mais la réponse se perd ; l’accusé suit"),
    ("06", "accusés en double et dans le désordre"),
    ("07", "premier opérateur toujours occupé, le second accepte"),
    ("08", "tous les opérateurs toujours occupés"),
    ("09", "remis au bout de 5 secondes"),
    ("autre", "reçu aussitôt"),
)
"""Describe the treatment of a number by `phone_network/rules.py`, by its last two digits."""

MOST_PHONES = 100

COPY = """<script>
document.addEventListener('click',e=>{const b=e.target.closest('button[data-copies]');if(!b)return;
const t=document.getElementById(b.dataset.copies);t.select();
(navigator.clipboard?navigator.clipboard.writeText(t.value):Promise.resolve(document.execCommand('copy')))
.then(()=>{b.textContent='Copié'})});
</script>"""


def people(
    token: Callable[[Mapping[str, Any]], str],
    phones: Mapping[str, Sequence[Mapping[str, Any]]],
    mails: int,
    order_inbox: str,
    smtp_port: int,
) -> web.Response:
    """Page of personas, mails, and messages that reached phones. `phones` has the messages of each, oldest first."""
    cards = "".join(_card(persona, token(persona.claims)) for persona in PERSONAS)
    return page(
        "Essayer le service",
        "<p>Tout se passe sur cette machine&nbsp;: les courriels et les SMS n’en sortent pas.</p>"
        "<h2>Agir en tant que…</h2><p>Un jeton vaut huit heures. À donner dans l’en-tête "
        f"<code>authorization: Bearer …</code> des appels à l’API.</p><div class=cards>{cards}</div>"
        "<h2>Commander</h2><p>Dans un autre terminal, <code>make order</code> enregistre l’établissement s’il ne l’est "
        "pas, télécharge le bon de commande, le remplit, le signe et l’envoie. À la main, le bon signé part par "
        f"courriel à <code>{escape(order_inbox)}</code>, serveur SMTP 127.0.0.1, port {smtp_port}.</p>"
        f'<h2>Courriels</h2><p><a href="/local/outbox">{_counted(mails, "courriel envoyé", "courriels envoyés")} '
        "par le service</a></p>"
        f"<h2>Téléphones</h2>{_phones(phones)}"
        "<p>Le réseau simulé traite un numéro selon ses deux derniers chiffres&nbsp;:</p><table><tbody>"
        + "".join(f"<tr><th scope=row>{digits}</th><td>{fate}</td></tr>" for digits, fate in BEHAVIOURS)
        + f"</tbody></table>{COPY}",
    )


def _card(persona: Persona, token: str) -> str:
    school = f"établissement {persona.school}" if persona.school else "exploitant du service"
    identity = f"jeton-{persona.key}"
    return (
        f"<section class=card><h3>{escape(persona.title)}</h3><p>{escape(persona.name)}, {school}&nbsp;: "
        f"{escape(persona.may)}.</p><label class=soft for={identity}>Jeton</label>"
        f"<textarea id={identity} rows=3 readonly>{escape(token)}</textarea>"
        f"<button type=button data-copies={identity}>Copier le jeton</button></section>"
    )


def _phones(phones: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    if not phones:
        return "<p>Aucun SMS n’est encore arrivé.</p>"
    latest = sorted(phones.items(), key=lambda each: str(each[1][-1]["received_at"]), reverse=True)
    rows = "".join(
        f'<tr><th scope=row><a href="/local/phones/{escape(number)}">{escape(number)}</a></th>'
        f"<td class=right>{len(shown)}</td><td>{moment(shown[-1]['received_at'])}</td>"
        f"<td>{escape(shown[-1]['text'][:80])}</td></tr>"
        for number, shown in latest[:MOST_PHONES]
    )
    more = f"<p class=soft>… et {len(latest) - MOST_PHONES} autres.</p>" if len(latest) > MOST_PHONES else ""
    return (
        "<table><thead><tr><th>Numéro</th><th class=right>SMS reçus</th><th>Dernier</th><th>Texte</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>{more}"
    )


def _counted(count: int, one: str, many: str) -> str:
    return f"{count or 'Aucun'} {one if count < 2 else many}"
