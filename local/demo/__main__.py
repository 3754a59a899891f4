"""`make demo`: the main job, narrated and checked, on a stack of its own."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from local.demo.page import CheckFailed, Page
from local.demo.story import Story
from local.machine.settings import LOCAL, Settings, UnusableSetting, read_settings
from local.machine.tcp_ports import TakenPort, check_free, free_ports, is_free
from local.players.client import Client
from local.players.school import SchoolPlayer
from local.stack.process import Stack, StackFailed

WINDOW_SECONDS = 20
LONGEST_WINDOW_SECONDS = 600
SAVED = LOCAL / "demo"


class Interrupted(BaseException):
    """A signal came: stop all, then end."""


@contextmanager
def own_stack(page: Page, settings: Settings) -> Iterator[Stack]:
    """A running stack; its messages while it starts are shown."""
    ports = (settings.port, settings.smtp_port, settings.aws_port)
    stack = Stack(settings.state_dir, delivery_window_seconds=settings.delivery_window_seconds, ports=ports)
    page.step("A stack of its own starts: the built template.yaml on an embedded cloud")
    started = threading.Event()
    teller = threading.Thread(target=_tell_log, args=(page, stack.log, started), daemon=True)
    teller.start()
    try:
        with stack:
            started.set()
            teller.join()
            page.check(f"it is ready: {stack.url}", True)
            yield stack
    finally:
        started.set()


def _tell_log(page: Page, log: Path, started: threading.Event) -> None:
    shown = 0
    while not started.wait(0.2):
        lines = log.read_text(errors="replace").splitlines(keepends=True) if log.exists() else []
        whole = [line for line in lines if line.endswith("\n")]
        for line in whole[shown:]:
            if " s  " in line:  # the rest is where things are, of which the demo tells what matters
                page.tell(line.strip())
        shown = len(whole)


def settings_of_demo(environ: dict[str, str], state_dir: Path) -> Settings:
    """Read the environment, else free ports, `state_dir` and a short window; raises `UnusableSetting`."""
    names = ("PORT", "SMTP_PORT", "AWS_PORT")
    defaults = {name: str(port) for name, port in zip(names, free_ports(len(names)), strict=True)}
    defaults |= {"STATE_DIR": str(state_dir), "DELIVERY_WINDOW_SECONDS": str(WINDOW_SECONDS)}
    settings = read_settings(defaults | {name: value for name, value in environ.items() if value})
    if settings.delivery_window_seconds > LONGEST_WINDOW_SECONDS:
        raise UnusableSetting(
            f"DELIVERY_WINDOW_SECONDS={settings.delivery_window_seconds}: the demo waits for the window to end, "
            f"{LONGEST_WINDOW_SECONDS} at most"
        )
    return settings


def tell(page: Page, settings: Settings) -> None:
    """The whole demo. Raises `CheckFailed`, `StackFailed`."""
    with own_stack(page, settings) as stack:
        client = Client(stack.url, stack.smtp_port)
        number = random.SystemRandom().randrange(1, 9_000)  # a STATE_DIR that is used again has other schools
        schools = SchoolPlayer(client, number), SchoolPlayer(client, number + 1, "Lycée Louise-Michel")
        Story(page, client, *schools, SAVED, settings.delivery_window_seconds).tell()
        page.step("The stack stops")
    page.check("all that was started has ended", all(map(is_free, settings.ports.values())))


def main() -> int:
    """Run the demo; the exit code."""
    page = Page()
    throw_away = Path(tempfile.mkdtemp(prefix="skolengo-sms-demo-"))
    logs = throw_away
    try:
        _stop_on_signals()
        settings = settings_of_demo(dict(os.environ), throw_away)
        logs = settings.state_dir
        check_free(settings.ports)
        tell(page, settings)
    except (UnusableSetting, TakenPort) as error:
        print(f"error: {error}", file=sys.stderr)
        return _ended(1, throw_away)
    except Interrupted as interrupted:
        page.summary("stopped", good=False)
        return _ended(128 + int(str(interrupted)), throw_away)
    except Exception as error:  # noqa: BLE001 - whatever it is, a check did not hold
        if not isinstance(error, (CheckFailed, StackFailed)):
            traceback.print_exc()
        page.summary(f"FAILED in step {page.steps}, after {page.checks} checks: {error}", good=False)
        print(f"logs: {logs / 'launcher.log'} and {logs / 'logs'}")
        return _ended(1, throw_away if logs != throw_away else None)
    page.summary(f"All {page.checks} checks held, in {page.seconds:.0f} s. The order form is in {SAVED}.", good=True)
    return _ended(0, throw_away)


def _ended(exit_code: int, throw_away: Path | None) -> int:
    if throw_away:
        shutil.rmtree(throw_away, ignore_errors=True)
    return exit_code


def _stop_on_signals() -> None:
    def interrupt(number: int, frame: FrameType | None) -> None:
        for each in handled:  # one is enough: what follows is the clean end
            signal.signal(each, signal.SIG_IGN)
        raise Interrupted(number)

    handled = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for each in handled:
        signal.signal(each, interrupt)


if __name__ == "__main__":
    sys.exit(main())
