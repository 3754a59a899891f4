"""The page of a run says what was measured where, and each aim."""

from datetime import UTC, datetime

from tests.benchmarks.measuring.report import commit_of, machine, report
from tests.benchmarks.measuring.tables import aim, said, table
from tests.support.template import ROOT

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)


def test_a_page_names_date_commit_machine_and_each_aim() -> None:
    before = len(said)
    table("Starting", ("function", "M"), [("accept", 1_197)])
    assert aim("≤ 2 × floor: 2.8", held=False) is False
    assert aim("≤ 40 MiB: 39", held=True) is True
    page = report(said[before:], AT, commit="abc1234+", quick=True)

    assert "`make bench QUICK=1` on 2026-11-23, of commit `abc1234+`" in page
    assert machine() in page
    assert "2 aims, 1 missed" in page
    assert "| ≤ 2 × floor: 2.8 | MISSED |" in page
    assert "| ≤ 40 MiB: 39 | held |" in page
    assert "  accept    1,197" in page


def test_a_folder_that_is_no_repository_has_no_commit(tmp_path: object) -> None:
    assert commit_of(ROOT / "no-such-folder") == "unknown"
