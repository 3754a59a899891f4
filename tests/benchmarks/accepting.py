"""Instructions a recipient costs from the posted body to the answer, beside the least and the obvious way."""

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.accept_once import body
from tests.benchmarks.instructions import WITHOUT_VALGRIND, can_count, counted
from tests.benchmarks.tables import aim, note, table

FEW, MANY = 100, 600
WAYS = {"floor": "JSON in and out only", "ours": "accept_send_request", "naive": "naive"}
TABLES = ("ACCOUNTS_TABLE", "HISTORY_TABLE", "CONSENTS_TABLE", "RECIPIENT_LISTS_BUCKET", "PHONES_SECRET")
ENVIRONMENT = dict.fromkeys(TABLES, "x")


def run() -> bool:
    """Print the table; whether the aims were held."""
    if not can_count():
        table("Accepting a recipient", ("instructions",), [])
        note(WITHOUT_VALGRIND)
        return True
    with TemporaryDirectory() as folder:
        runs = {}
        for size in (FEW, MANY):
            posted = Path(folder) / f"{size}.json"
            posted.write_text(body(size))
            for way in WAYS:
                runs[f"{way} {size}"] = ("-m", "tests.benchmarks.accept_once", way, str(posted))
        found = counted(runs, ENVIRONMENT | {"DELIVERY_WINDOW_SECONDS": "259200"})
    each = {way: (found[f"{way} {MANY}"] - found[f"{way} {FEW}"]) // (MANY - FEW) for way in WAYS}
    rows = [(words, each[way], each[way] / each["floor"]) for way, words in WAYS.items()]
    table("Accepting a recipient with a variable", ("way", "instructions", "times floor"), rows)
    return all(
        [
            aim(f"≤ 35,000 instructions a recipient: {each['ours']:,}", held=each["ours"] <= 35_000),
            aim(f"≥ 10 × under naive: {each['naive'] / each['ours']:.1f}", held=each["naive"] >= 10 * each["ours"]),
        ]
    )
