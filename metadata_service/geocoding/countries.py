"""The countries of the world and the two letters of ISO 3166-1 for each."""

from functools import cache
from pathlib import Path
from typing import Final

COUNTRIES: Final = Path(__file__).with_name("countries.tsv")


@cache
def _by_code() -> dict[str, str]:
    lines = COUNTRIES.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)


def name_of(code: str) -> str:
    """The name of the country that two letters stand for."""
    return _by_code()[code]


def country_of(said: str) -> str:
    """The name that is meant: two letters in either case stand for a country, other words for themselves."""
    return _by_code().get(said.upper(), said)
