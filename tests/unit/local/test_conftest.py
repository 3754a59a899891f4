from pathlib import Path

import pytest

pytest_plugins = ["pytester"]
CONFTEST = Path(__file__).parents[2] / "conftest.py"


def test_a_skipped_test_is_a_failure_unless_the_platform_is_the_reason(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(CONFTEST.read_text())
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.skip(reason="later")
        def test_put_off(): ...

        def test_given_up():
            pytest.skip("no time")

        @pytest.mark.skip(reason="platform: needs Linux")
        def test_elsewhere(): ...

        @pytest.mark.xfail(strict=True)
        def test_known_wrong():
            assert False
        """
    )
    outcome = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    outcome.assert_outcomes(failed=1, errors=1, skipped=1, xfailed=1)


def test_a_module_skipped_as_a_whole_is_an_error(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(CONFTEST.read_text())
    pytester.makepyfile("import pytest\npytest.importorskip('no_such_module_at_all')")
    outcome = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    outcome.assert_outcomes(errors=1)
