"""How usernames and e-mail addresses are compared."""

import unicodedata


def key_of(name: str) -> str:
    """Fold a name: case and the several spellings of one character (Unicode's NFKC_Casefold) make no other person."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name.strip()).casefold())


def is_plain(name: str) -> bool:
    """Tell whether a name holds nothing invisible, which would let it look like another."""
    return not any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"} for character in name)
