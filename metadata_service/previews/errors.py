"""What can go wrong with a preview."""

from service_kit.errors import NotFoundError


class NoColdpreviewError(NotFoundError):
    """The photo is there, its coldpreview is not."""

    slug = "no-coldpreview"
    title = "This photo has no coldpreview"
