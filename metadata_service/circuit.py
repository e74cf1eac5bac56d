"""Knows when not to ask: after several failures in a row nobody waits for what is not there."""

import time
from dataclasses import dataclass


@dataclass(slots=True)
class Circuit:
    """Counts failures in a row; open, it lets one request through every `open_seconds`."""

    failures_to_open: int = 3
    open_seconds: float = 15.0
    failures: int = 0
    opened_at: float = 0.0

    def refuses(self) -> bool:
        """Tell whether asking is pointless for now."""
        if self.failures < self.failures_to_open:
            return False
        if time.monotonic() - self.opened_at <= self.open_seconds:
            return True
        self.opened_at = time.monotonic()  # this one may try, whoever comes next still waits
        return False

    def failed(self) -> None:
        """Note that nobody answered."""
        self.failures += 1
        self.opened_at = time.monotonic()

    def succeeded(self) -> None:
        """Note that somebody did."""
        self.failures = 0
