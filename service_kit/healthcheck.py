"""`python -m service_kit.healthcheck URL`: exits 0 when the URL answers 200, for containers without curl."""

import sys
import urllib.error
import urllib.request


def main() -> int:
    """Ask once, for three seconds at most."""
    try:
        with urllib.request.urlopen(sys.argv[1], timeout=3) as answer:  # noqa: S310  # the operator names the URL
            return 0 if answer.status == 200 else 1
    except (OSError, urllib.error.URLError):
        return 1


if __name__ == "__main__":
    sys.exit(main())
