"""Chromium as the system has it, driven by Playwright; installed by apt where that is allowed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLAYWRIGHT_DISABLES = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
)
"""Features that Playwright disables by default; listed again, because Chromium reads only the last list it is given."""

WINDOW_EXTRAS = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "SpareRendererForSitePerProcess")
"""Two pages that a window loads for its address bar, and a process that it keeps for a page to come."""

FLAGS = (
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--disable-gpu",  # else the processor pretends to be a graphics card
    # In MiB. axe makes many short-lived objects, and each collection of a small nursery copies those still in use.
    "--js-flags=--min-semi-space-size=32,--max-semi-space-size=64",
    f"--disable-features={','.join(PLAYWRIGHT_DISABLES + WINDOW_EXTRAS)}",
)

MISSING = "no Chromium here, and the tests in a browser need one: install it (Debian, Ubuntu: apt-get install chromium)"


class NoChromium(Exception):
    """There is none, and it could not be installed; the message says what to do."""


def found() -> str:
    """Return the path of the browser, after an attempt to install it. Raises NoChromium."""
    known = next(filter(None, map(shutil.which, NAMES)), None)
    if known:
        return known
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(["apt-get", "update"], check=False, **quiet)  # type: ignore[call-overload]
        subprocess.run(["apt-get", "install", "--yes", "--no-install-recommends", "chromium"], check=False, **quiet)  # type: ignore[call-overload]
        if known := shutil.which("chromium"):
            return known
    raise NoChromium(MISSING)


@contextmanager
def started() -> Iterator[Browser]:
    """A browser without a window. Raises NoChromium."""
    path = found()
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*sandbox, *FLAGS])
        try:
            yield browser
        finally:
            browser.close()


if __name__ == "__main__":
    try:
        print(f"tests in the browser use {found()}")  # noqa: T201 - `make test` says which
    except NoChromium as error:
        sys.exit(f"error: {error}")
