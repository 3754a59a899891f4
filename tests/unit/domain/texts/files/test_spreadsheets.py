"""Lists written by a program that knows CSV, in each of its ways, are read as they were written (R3)."""

import csv
import io
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from schoolsms.domain.texts.files.spreadsheets import records_of

# Cells begin with a letter or are empty: « Portable,; » may have been written by either separator.
tails = st.lists(st.sampled_from([" ", ",", ";", "\t", "\n", '"', "'", "é", "b"]), max_size=5).map("".join)
cells = st.one_of(st.just(""), tails.map(lambda tail: f"a{tail}".strip()))
QUOTING: st.SearchStrategy[Literal[0, 1, 2]] = st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
PHONES = ["Portable", "Tél. mobile", "N° de téléphone,\nportable", "Téléphone; portable"]


@given(
    st.sampled_from(PHONES),
    tails.map(lambda tail: f"prénom{tail}".strip()),
    st.lists(st.tuples(st.sampled_from(["0612345678", "06 12 34 56 79"]), cells), min_size=1, max_size=5),
    st.sampled_from(";,\t"),
    QUOTING,
    st.sampled_from(["\r\n", "\n"]),
)
def test_what_was_written_is_read(
    phone: str, heading: str, rows: list[tuple[str, str]], separator: str, quoting: Literal[0, 1, 2], line_end: str
) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=separator, quoting=quoting, lineterminator=line_end).writerows(
        [(phone, heading), *rows]
    )
    found = [[cell.strip() for cell in cells] for _, cells in records_of(written.getvalue().encode())]
    assert found == [[phone, heading], *map(list, rows)]
