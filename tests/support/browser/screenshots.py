"""`make screenshots`: pictures of every page on a stack with schools to look at, into .local/screenshots.

`python -m tests.support.browser.screenshots [URL] [NAME…]` takes those of a running stack, and of some pages only;
with `--readme` the four of the README, into docs/pictures.
"""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser

from local.demo.prepared import prepare
from local.machine.settings import LOCAL, ROOT
from local.players.client import Client
from local.stack.process import Stack
from tests.support.browser import chromium
from tests.support.browser.pages import PAGES, Shown
from tests.support.browser.visitor import DESKTOP, PHONE, Visitor

FOLDER = LOCAL / "screenshots"
LOOKS: dict[str, dict[str, Any]] = {
    f"{size}-{theme}": {"viewport": viewport, "color_scheme": theme, "device_scale_factor": 2 if size == "phone" else 1}
    for size, viewport in (("phone", PHONE), ("desktop", DESKTOP))
    for theme in ("light", "dark")
}
PICTURES = ROOT / "docs" / "pictures"
README = {
    "ecrire-desktop-light": {"width": 1100, "height": 700},
    "stock-desktop-light": {"width": 1100, "height": 700},
    "envoi-phone-dark": {"width": 390, "height": 760},
    "envois-phone-light": {"width": 390, "height": 760},
}
"""Pictures that the README shows, with the size of the window."""


@contextmanager
def prepared_stack() -> Iterator[Client]:
    """A stack of its own with something to look at."""
    with tempfile.TemporaryDirectory() as folder, Stack(Path(folder)) as stack:
        client = Client(stack.url, stack.smtp_port)
        prepare(client, print)
        yield client


def take(browser: Browser, client: Client, pages: Sequence[Shown], folder: Path) -> None:
    """Write `<page>-<size>-<theme>.png` for each of `pages`, as long as the page is."""
    folder.mkdir(parents=True, exist_ok=True)
    for look, options in LOOKS.items():
        for persona in dict.fromkeys(each.persona for each in pages):
            person = persona.claims | {"name": persona.name}
            visitor = Visitor(browser, client.url, person, reduced_motion="reduce", **options)
            for shown in (each for each in pages if each.persona == persona):
                shown.show(visitor, client)
                visitor.page.screenshot(path=folder / f"{shown.name}-{look}.png", full_page=True)
            visitor.context.close()


def take_for_readme(browser: Browser, client: Client) -> None:
    """Write the pictures of the README: what a window shows, in few colours so that they stay small."""
    PICTURES.mkdir(exist_ok=True)
    for name, viewport in README.items():
        page, _, look = name.partition("-")
        shown = next(each for each in PAGES if each.name == page)
        options = LOOKS[look] | {"viewport": viewport, "device_scale_factor": 1, "reduced_motion": "reduce"}
        visitor = Visitor(browser, client.url, shown.persona.claims | {"name": shown.persona.name}, **options)
        shown.show(visitor, client)
        picture = Image.open(BytesIO(visitor.page.screenshot()))
        picture.quantize(64).save(PICTURES / f"{name}.png", optimize=True)
        visitor.context.close()


def main(arguments: Sequence[str]) -> int:
    """Take the pictures; the exit code."""
    names = [each for each in arguments if not each.startswith(("http", "--"))]
    urls = [each for each in arguments if each.startswith("http")]
    pages = [each for each in PAGES if not names or each.name in names]
    try:
        known = nullcontext(Client(urls[0], 0)) if urls else prepared_stack()
        with chromium.started() as browser, known as client:
            if "--readme" in arguments:
                take_for_readme(browser, client)
            else:
                take(browser, client, pages, FOLDER)
    except chromium.NoChromium as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    folder = PICTURES if "--readme" in arguments else FOLDER
    sys.stdout.write(f"the pictures are in {folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
