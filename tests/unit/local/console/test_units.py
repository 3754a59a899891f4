"""The unit tests of the console's TypeScript, run by node's own test runner."""

from local.console.build import run_node, sources
from local.machine.children import Children


def test_the_unit_tests_of_the_console_pass() -> None:
    tests = [str(file) for file in sources() if file.name.endswith(".test.ts")]
    printed = run_node(["--test", *tests], Children())
    assert tests
    assert "fail 0" in printed
    assert "skipped 0" in printed
