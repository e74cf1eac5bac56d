"""What an API key may do: the scope that each route asks for, in one table.

A person who is signed in may do all that is theirs; scopes bound keys alone. The first line that fits a request
decides, and where no line fits, no key does: a new route is closed to keys until it has its line here.
"""

from enum import StrEnum
from typing import Final, Literal, get_args

ScopeName = Literal["photos:read", "photos:write", "import", "share", "admin"]
KEY_PREFIX: Final = "imk_"
SCOPE_NAMES: Final[tuple[ScopeName, ...]] = get_args(ScopeName)


class Scope(StrEnum):
    """What a route asks of a key."""

    OPEN = "open"  # the route asks nobody who they are
    ANY = "any"  # any key will do
    READ = "photos:read"
    WRITE = "photos:write"
    IMPORT = "import"
    SHARE = "share"
    ADMIN = "admin"
    PERSON = "person"  # no key will do: what could make more keys or end the account asks for the person


_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_API: Final = "/api/v1"

# Method (or * for all, or READ for those that change nothing), address (a segment * stands for any), scope.
# An address fits all that lies below it.
_TABLE: Final = (
    ("*", "/auth/me", Scope.ANY),
    ("*", "/auth/register", Scope.OPEN),
    ("*", "/auth/login", Scope.OPEN),
    ("*", "/auth/refresh", Scope.OPEN),
    ("*", "/auth/oidc/link", Scope.PERSON),
    ("*", "/auth/oidc", Scope.OPEN),
    ("*", "/auth", Scope.PERSON),
    ("READ", "/users/me/export", Scope.READ),
    ("*", "/users/me", Scope.PERSON),
    ("*", "/admin", Scope.ADMIN),
    # Ways in.
    ("POST", "/photos/photoegg", Scope.IMPORT),
    ("POST", "/photos/batch", Scope.IMPORT),
    ("POST", "/photos/create", Scope.IMPORT),
    ("POST", "/photos/register-image", Scope.IMPORT),
    ("POST", "/photos/exists", Scope.IMPORT),
    ("POST", "/photos/upload", Scope.IMPORT),
    ("*", "/photos/jobs", Scope.IMPORT),
    ("POST", "/images", Scope.IMPORT),
    ("*", "/import-sessions", Scope.IMPORT),
    ("*", "/input-channels", Scope.IMPORT),
    ("*", "/import_sessions", Scope.IMPORT),
    # Questions that are asked with a body.
    ("POST", "/photos/search", Scope.READ),
    ("POST", "/photo-searches/ad-hoc", Scope.READ),
    ("POST", "/photo-searches/*/execute", Scope.READ),
    # Sharing.
    ("*", "/spaces", Scope.SHARE),
    ("*", "/space-invites", Scope.SHARE),
    ("*", "/share-links", Scope.SHARE),
    ("*", "/disclosure", Scope.SHARE),
    ("*", "/shared", Scope.OPEN),
    ("*", "/objects", Scope.OPEN),  # the address itself is signed
    # All else of a library: to look, or to change.
    *(
        line
        for area in (
            "/photos",
            "/images",
            "/timeline",
            "/authors",
            "/tags",
            "/events",
            "/collections",
            "/phototext",
            "/photo-searches",
            "/photo-stacks",
            "/corrections",
            "/duplicates",
            "/map",
            "/places",
            "/image-files",
            "/reparse-runs",
            "/statistics",
            "/database-stats",
        )
        for line in (("READ", area, Scope.READ), ("*", area, Scope.WRITE))
    ),
)
# Addresses that ask for something else than what lies below them.
_EXACT: Final = {
    ("GET", f"{_API}/users/me"): Scope.ANY,
    ("POST", f"{_API}/auth/logout"): Scope.OPEN,
    ("POST", f"{_API}/photos"): Scope.IMPORT,
}
_SERVICE: Final = frozenset({"/health", "/ready", "/metrics", "/config.json"})


def scope_of(method: str, path: str) -> Scope | None:
    """Name the scope that a request asks for; None where the table has no line."""
    if path in _SERVICE:
        return Scope.OPEN
    if (exact := _EXACT.get((method, path))) is not None:
        return exact
    if not path.startswith(f"{_API}/"):
        return None
    segments = path.removeprefix(_API).strip("/").split("/")
    return next((scope for line, area, scope in _TABLE if _fits(line, area, method, segments)), None)


def may(scopes: frozenset[str], method: str, path: str) -> bool:
    """Tell whether a key with these scopes may send such a request."""
    wanted = scope_of(method, path)
    return wanted in {Scope.OPEN, Scope.ANY} or (wanted is not None and wanted.value in scopes)


def _fits(line: str, area: str, method: str, segments: list[str]) -> bool:
    if line not in {"*", method} and not (line == "READ" and method in _READING):
        return False
    wanted = area.strip("/").split("/")
    return len(wanted) <= len(segments) and all(a in {"*", b} for a, b in zip(wanted, segments, strict=False))
