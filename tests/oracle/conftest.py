"""Agreement with exiftool is told at the end of the run, field by field."""

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the tests recorded as `agreement`."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    lines = [str(value) for report in reports for name, value in report.user_properties if name == "agreement"]
    if lines:
        terminalreporter.section("agreement with exiftool")
        terminalreporter.write_line("\n".join(lines))
