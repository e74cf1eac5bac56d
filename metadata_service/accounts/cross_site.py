"""Tells a browser's request that another site's page made from one that our own page made."""

from typing import Final

from starlette.requests import HTTPConnection

_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_SAME_SITE: Final = frozenset({"same-origin", "none"})


def is_cross_site_change(request: HTTPConnection) -> bool:
    """Tell whether a page of another origin wants something changed.

    Browsers send cookies by themselves, so a change that rides on one must come from a page of this very origin.
    Old browsers, which do not say where a request comes from, name the Origin; programs say neither.
    """
    return request.scope["method"] not in _SAFE_METHODS and not comes_from_us(request)


def comes_from_us(request: HTTPConnection) -> bool:
    """Tell whether no other site's page made this request."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in _SAME_SITE
    own_origin = f"{request.url.scheme}://{request.headers.get('host', '')}"
    return request.headers.get("origin") in {None, own_origin}


def is_our_page(request: HTTPConnection) -> bool:
    """Tell whether a script of our own page asks, and not some program."""
    return request.headers.get("sec-fetch-site") == "same-origin"
