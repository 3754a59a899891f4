"""HTTP: the console in the browser. Its pages talk to the API; this function knows nothing of schools (R50)."""

from pathlib import Path
from typing import Any

from schoolsms.api.console import Console

SECTIONS = (
    *("ecrire", "envois", "stock", "commander", "historique", "destinataires", "modeles", "reglages"),
    *("operateur", "aide", "composants", "session"),
)
"""The first part of each address of the console; what follows it is the browser's."""

PAGES = ("GET /", "GET /assets/{file}", *(f"GET /{each}{rest}" for each in SECTIONS for rest in ("", "/{rest+}")))
"""As API Gateway names them; they are no routes of the API, so `openapi.json` has none of them."""

_console = Console(Path(__file__).with_name("public"))


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return _console.answer(event)
