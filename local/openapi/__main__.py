"""`make openapi`: writes the description of the HTTP API where the service serves it from."""

import sys

from local.openapi.document import WRITTEN, build, without_words, written


def main() -> int:
    WRITTEN.write_text(written(build()), "utf-8")
    for route in without_words():
        sys.stderr.write(
            f"note: {route}: a route without words, or words without one, in local/api_description/operations.py\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
