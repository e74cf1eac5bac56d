"""Makes the client of the OpenID provider that the settings name."""

from metadata_service.oidc_client import OidcClient
from metadata_service.settings import Settings


def provider_of(settings: Settings) -> OidcClient | None:
    """Give the client, if there is a provider."""
    if settings.oidc_issuer is None:
        return None
    secret = settings.oidc_client_secret.get_secret_value() if settings.oidc_client_secret else None
    back = f"{settings.oidc_public_url.rstrip('/')}/api/v1/auth/oidc/callback"
    return OidcClient(settings.oidc_issuer, settings.oidc_client_id, secret, back)
