"""Instructions a recipient costs from the posted body to the answer, beside the least and the obvious way."""

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.measuring.accept_once import body
from tests.benchmarks.measuring.instructions import WITHOUT_VALGRIND, can_count, counted
from tests.benchmarks.measuring.tables import aim, note, table

FEW, MANY = 100, 600
WAYS = ("floor", "ours", "ours twice", "naive")
MOST_OF_FLOOR, NEXT = 8, 5
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
                runs[f"{way} {size}"] = ("-m", "tests.benchmarks.measuring.accept_once", way, str(posted))
        found = counted(runs, ENVIRONMENT | {"DELIVERY_WINDOW_SECONDS": "259200", "DEFAULT_DAILY_LIMIT": "10000"})
    each = {way: (found[f"{way} {MANY}"] - found[f"{way} {FEW}"]) // (MANY - FEW) for way in WAYS}
    ours = 2 * each["ours"] - each["ours twice"]
    floor, naive = each["floor"], each["naive"]
    rows = [
        ("JSON in and out only", floor, 1.0),
        ("accept_send_request", ours, ours / floor),
        ("with the pretended answers", each["ours"], each["ours"] / floor),
        ("naive", naive, naive / floor),
    ]
    table("Accepting a recipient with two variables, one in four in unicode", ("way", "instructions", "of floor"), rows)
    if ours > NEXT * floor:
        note(f"≤ {NEXT} × floor is the next step")
    return all(
        [
            aim(f"≤ {MOST_OF_FLOOR} × floor a recipient: {ours / floor:.1f}", held=ours <= MOST_OF_FLOOR * floor),
            aim(f"≥ 5 × under naive: {naive / ours:.1f}", held=naive >= 5 * ours),
        ]
    )
