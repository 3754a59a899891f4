"""`make prove`: what takes too long for `make test`, on stacks of its own. Exit 1 if anything does not hold.

First each alarm is provoked (two minutes), then the API is called as its description allows and forbids (`EXAMPLES` an
operation and role, 12; others by another `SEED`; five minutes).
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from local.machine.settings import LOCAL
from local.stack.process import NOBODY_KILLS_IT, Stack
from tests.proof import alarms, examples
from tests.support.journeys.faults.proxy import proxying

FOLDER = LOCAL / "proof"
EXAMPLES = 12


def main() -> int:
    """Prove as the settings say; the exit code."""
    count, seed = int(os.environ.get("EXAMPLES") or EXAMPLES), int(os.environ.get("SEED") or 1)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as state, proxying() as proxy:
        faulty = Stack(Path(state), functions_via=proxy.url, save_pause_seconds=NOBODY_KILLS_IT)
        proxy.cloud, proxy.network = faulty.aws_endpoint, faulty.url
        with faulty:
            wrong = alarms.prove(faulty, proxy)
    with tempfile.TemporaryDirectory() as state, Stack(Path(state), save_pause_seconds=NOBODY_KILLS_IT) as stack:
        wrong += examples.prove(stack, FOLDER, count, seed)
    for line in wrong:
        print(f"WRONG   {line}")
    print(f"{len(wrong)} things are wrong" if wrong else "every alarm rings, every answer is as described")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
