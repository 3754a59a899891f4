"""A test that did not run proves nothing: skips count as failures unless the platform is the reason."""

import gc
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes depends on what else the machine does; speed is measured in benchmarks.
UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
# The same examples each time: what fails then is what was changed.
settings.register_profile("steady", UNTIMED, derandomize=True)
# Others each time, and many: `pytest --hypothesis-profile=search tests/unit`.
settings.register_profile("search", UNTIMED, max_examples=3000, print_blob=True)
settings.load_profile("steady")

ALLOWED = "platform:"


def pytest_collection_finish() -> None:
    """Spare the collector what was imported and collected, which lives as long as the process: a tenth of all time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped test into a failed one."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        _fail(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn a module that was skipped as a whole into an error."""
    report = yield
    if report.skipped:
        _fail(report)
    return report


def _fail(report: pytest.TestReport | pytest.CollectReport) -> None:
    location = report.longrepr
    reason = location[2] if isinstance(location, tuple) else str(location)
    if not reason.removeprefix("Skipped: ").startswith(ALLOWED):
        report.outcome = "failed"
        report.longrepr = f"{reason}\nA skip counts as a failure unless its reason starts with {ALLOWED!r}."
