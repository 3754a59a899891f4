"""Firefox and Chromium as schools use them: fields are filled in their viewers of PDFs by mouse and keyboard.

Needs Debian's firefox-esr and chromium. Each is spoken to by the protocol that it has built in.
"""

import base64
import json
import os
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from schoolsms.adapters.order_forms.issuing import layout

_PORT = 2829
_PATIENCE = 60  # seconds
_QUIET = {
    "marionette.port": _PORT,
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}
_FIREFOX = ("firefox", "--headless", "--marionette", "--no-remote", "--profile", ".")
_FIREFOX_SAVES = """
const done = arguments[arguments.length - 1];
PDFViewerApplication.pdfDocument.saveDocument().then(
  data => { let text = ""; for (const each of data) text += String.fromCharCode(each); done(btoa(text)); });
"""
_CHROMIUM = (
    *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--remote-debugging-pipe", "--user-data-dir=profile", "about:blank"),
)
_CHROMIUM_SAVES = """
document.querySelector("pdf-viewer").currentController.save("EDITED").then(saved => {
  let text = "";
  for (const each of new Uint8Array(saved.bytes ?? saved.dataToSave)) text += String.fromCharCode(each);
  return btoa(text);
})
"""
_WINDOW = {"width": 1000, "height": 1300, "deviceScaleFactor": 1, "mobile": False}
_LEFT, _TOP, _SCALE = 5.1, 2.8, 1.1575  # where Chromium puts the page in such a window, and its pixels in a point


def by_firefox(pdf: bytes, values: Mapping[str, str], how: str) -> bytes:
    """`pdf` with `values` typed by name and the conditions ticked, then "printed" to a PDF or "saved"."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "in.pdf").write_bytes(pdf)
        preferences = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in _QUIET.items())
        (Path(folder) / "user.js").write_text("".join(preferences))
        with subprocess.Popen(_FIREFOX, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
            try:
                return base64.b64decode(_in_firefox(_marionette(), f"file://{folder}/in.pdf", values, how))
            finally:
                running.terminate()


def _in_firefox(ask: Callable[..., Any], address: str, values: Mapping[str, str], how: str) -> str:
    def field(name: str) -> str:
        found = ask("WebDriver:FindElement", using="css selector", value=f"input[name={name}]")
        return str(next(iter(found.values())))

    ask("WebDriver:NewSession")
    ask("WebDriver:SetTimeouts", implicit=_PATIENCE * 1000, script=_PATIENCE * 1000)
    ask("WebDriver:Navigate", url=address)
    field("place_and_date")
    time.sleep(2)  # the viewer draws the fields anew once it knows its size
    for name, value in values.items():
        box = field(name)
        ask("WebDriver:ElementClick", id=box)
        ask("WebDriver:ElementSendKeys", id=box, text=value)
    ask("WebDriver:ElementClick", id=field("accept_terms"))
    if how == "saved":
        return str(ask("WebDriver:ExecuteAsyncScript", script=_FIREFOX_SAVES, args=[], sandbox=None))
    margin = dict.fromkeys(("top", "bottom", "left", "right"), 0)
    return str(ask("WebDriver:Print", background=True, margin=margin, page={"width": 21.0, "height": 29.7}))


def _marionette() -> Callable[..., Any]:
    """Connect to Firefox and return a function that sends it commands: JSON behind its length."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            connection = socket.create_connection(("127.0.0.1", _PORT), _PATIENCE)
            break
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
    messages = connection.makefile("rwb")

    def received() -> Any:
        length = b""
        while not length.endswith(b":"):
            length += messages.read(1)
        return json.loads(messages.read(int(length[:-1])))

    def ask(command: str, **parameters: Any) -> Any:
        text = json.dumps([0, 1, command, parameters]).encode()
        messages.write(b"%d:%s" % (len(text), text))
        messages.flush()
        _, _, error, result = received()
        if error:
            raise RuntimeError(f"{command}: {error['message']}")
        return result.get("value", result) if isinstance(result, dict) else result

    received()
    return ask


def by_chromium(pdf: bytes, values: Mapping[str, str]) -> bytes:
    """`pdf` with `values` typed by name and the conditions ticked, then saved."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "in.pdf").write_bytes(pdf)
        theirs, asks = os.pipe()
        answers, their_answers = os.pipe()

        def as_three_and_four() -> None:
            os.dup2(theirs, 30)
            os.dup2(their_answers, 31)
            os.dup2(30, 3)
            os.dup2(31, 4)

        with subprocess.Popen(
            _CHROMIUM,
            cwd=folder,
            close_fds=False,
            preexec_fn=as_three_and_four,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as running:
            try:
                return base64.b64decode(_in_chromium(_devtools(asks, answers), f"file://{folder}/in.pdf", values))
            finally:
                running.terminate()


def _in_chromium(ask: Callable[..., Any], address: str, values: Mapping[str, str]) -> str:
    def attached(kind: str, beginning: str) -> str:
        targets = ask("Target.getTargets", filter=[{}])["targetInfos"]
        found = next(one for one in targets if one["type"] == kind and one["url"].startswith(beginning))
        return str(ask("Target.attachToTarget", targetId=found["targetId"], flatten=True)["sessionId"])

    page = attached("page", "about:")
    ask("Emulation.setDeviceMetricsOverride", page, **_WINDOW)
    ask("Page.navigate", page, url=address)
    time.sleep(6)
    viewer, plugin = attached("iframe", "chrome-extension:"), attached("iframe", "file:")
    boxes = {box.name: box for box in (*layout.CONTACT, layout.PLACE_AND_DATE, layout.ACCEPT)}
    for name, value in {**values, "accept_terms": ""}.items():
        box = boxes[name]
        _click(ask, plugin, box.x + box.width / 2, box.y + box.height / 2)
        for sign in value:
            ask("Input.dispatchKeyEvent", plugin, type="char", text=sign)
        time.sleep(0.3)
    _click(ask, plugin, layout.PAGE_WIDTH / 2, layout.PAGE_HEIGHT + 100)  # leaves the last field
    time.sleep(1)
    saved = ask("Runtime.evaluate", viewer, expression=_CHROMIUM_SAVES, awaitPromise=True, returnByValue=True)
    return str(saved["result"]["value"])


def _click(ask: Callable[..., Any], session: str, x: float, y: float) -> None:
    """At a place of the page, in points."""
    at = {"x": _LEFT + _SCALE * x, "y": _TOP + _SCALE * y}
    ask("Input.dispatchMouseEvent", session, type="mouseMoved", button="none", buttons=0, **at)
    for kind, buttons in (("mousePressed", 1), ("mouseReleased", 0)):
        ask("Input.dispatchMouseEvent", session, type=kind, button="left", buttons=buttons, clickCount=1, **at)
    time.sleep(0.3)


def _devtools(asks: int, answers: int) -> Callable[..., Any]:
    """Return a function that sends Chromium commands: JSON that ends in a zero byte."""
    waiting = bytearray()

    def received() -> Any:
        while b"\0" not in waiting:
            waiting.extend(os.read(answers, 1 << 20))
        message, _, rest = waiting.partition(b"\0")
        waiting[:] = rest
        return json.loads(message)

    def ask(method: str, session: str = "", **parameters: Any) -> Any:
        message = {"id": 1, "method": method, "params": parameters, **({"sessionId": session} if session else {})}
        os.write(asks, json.dumps(message).encode() + b"\0")
        while "id" not in (answer := received()):
            pass
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    return ask
