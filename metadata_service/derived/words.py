"""Text as words to search by, made here and not by the databases, so that both find the same.

Words are case-folded runs of letters and digits; a symbol such as an emoji is a word of its own, and so is a
character of a script that puts no spaces between words. Accents do not count, but æ, ø and å are letters: who types
them finds exactly them, who types ae, o and a finds both.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_LONGEST_WORD: Final = 64
_MOST_WORDS: Final = 2_000
_MOST_WORDS_ASKED: Final = 16
_RING: Final = "\u030a"
_PLAIN: Final = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "œ": "oe", "đ": "d", "ð": "d", "ł": "l", "þ": "th"})
_NO_SPACES_BETWEEN: Final = ((0x3040, 0x30FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
_ASCII_WORD: Final = re.compile("[a-z0-9]+")
_QUOTED: Final = re.compile(r'"([^"]*)"')


@dataclass(frozen=True, slots=True)
class Asked:
    """One word of a question; an open one may go on."""

    word: str
    is_open: bool


def words(text: str) -> list[str]:
    """Split text into normalised words."""
    if text.isascii():  # the same, thirty times as fast
        return [word[:_LONGEST_WORD] for word in _ASCII_WORD.findall(text.lower())]
    found: list[str] = []
    run = ""
    for character in _normalised(text):
        if _is_part(character):
            run += character
            continue
        found += [run] if run else []
        run = ""
        if _stands_alone(character):
            found.append(character)
    return [word[:_LONGEST_WORD] for word in (*found, run) if word]


def indexed(texts: Iterable[str | None]) -> list[str]:
    """The distinct words to find a photo by, each as written and as typed without Norwegian letters."""
    every = (form for text in texts if text for form in _forms(text))
    return list(dict.fromkeys(every))[:_MOST_WORDS]


@lru_cache(maxsize=2_048)  # cameras, lenses, places and tags come again with every photo
def _forms(text: str) -> tuple[str, ...]:
    return tuple(form for word in words(text) for form in (word, word.translate(_PLAIN)))


def asked(question: str) -> list[Asked]:
    """Read a question: every word is wanted; a word may go on, unless it is in quotes or a single letter."""
    exact = {word for quoted in _QUOTED.findall(question) for word in words(quoted)}
    rest = words(_QUOTED.sub(" ", question))
    wanted = dict.fromkeys(Asked(word, is_open=False) for word in exact)
    wanted |= dict.fromkeys(Asked(word, is_open=len(word) > 1) for word in rest)
    return list(wanted)[:_MOST_WORDS_ASKED]


def _normalised(text: str) -> str:
    """Case-folded, without compatibility forms and without marks, but å stays å."""
    letters = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    kept = (
        character
        for before, character in zip(" " + letters, letters, strict=False)
        if unicodedata.category(character) != "Mn" or (character == _RING and before == "a")
    )
    return unicodedata.normalize("NFC", "".join(kept))


def _is_part(character: str) -> bool:
    return unicodedata.category(character)[0] in "LN" and not _is_spaceless(character)


def _stands_alone(character: str) -> bool:
    return unicodedata.category(character) == "So" or _is_spaceless(character)


def _is_spaceless(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _NO_SPACES_BETWEEN)
