"""`python -m local.console` builds the console; `--check` checks its types, `--test` runs its unit tests."""

from __future__ import annotations

import argparse
import sys

from local.console.api_types import write_types
from local.console.build import ConsoleFailed, build_console, run_node, sources
from local.console.sign_table import write_signs
from local.machine.children import Children


def main() -> int:
    """Do what is asked; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="check the types")
    parser.add_argument("--test", action="store_true", help="run the unit tests, console/**/*.test.ts")
    arguments = parser.parse_args()
    children = Children()
    try:
        write_types()
        write_signs()
        if arguments.check:
            run_node(["node_modules/typescript/bin/tsc", "--project", "."], children)
        elif arguments.test:
            tests = [str(file) for file in sources() if file.name.endswith(".test.ts")]
            print(run_node(["--test", *tests], children))
        else:
            build_console(children)
    except ConsoleFailed as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
