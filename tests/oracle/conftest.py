"""The files of all cases, written once; and agreement with exiftool, told at the end of the run."""

from pathlib import Path

import pytest

from tests.oracle.cases import Case, all_cases
from tests.oracle.exiftool import write_all


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Case, Path]]:
    """Every case and its file."""
    cases = [*all_cases()]
    return [*zip(cases, write_all(cases, tmp_path_factory.mktemp("oracle")), strict=True)]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the tests recorded as `agreement`."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    lines = [str(value) for report in reports for name, value in report.user_properties if name == "agreement"]
    if lines:
        terminalreporter.section("agreement with exiftool")
        terminalreporter.write_line("\n".join(lines))
