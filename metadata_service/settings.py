"""Everything about metadata_service that an operator may choose, read from METADATA_* and `.env`."""

from pathlib import Path
from typing import Final, Self

from pydantic import Field, SecretStr, model_validator

from service_kit.settings import KitSettings, settings_config

_WEB: Final = Path(__file__).resolve().parent.parent / "web"
_MIN_SECRET_LENGTH: Final = 32
_PLACEHOLDERS: Final = ("change", "secret", "example", "default", "placeholder")


class Settings(KitSettings):
    """The settings; their defaults run the product on one machine with nothing else installed."""

    model_config = settings_config("METADATA_")

    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    data_dir: Path = Field(default=Path("data"), description="Folder of everything that is kept locally.")
    database_url: str | None = Field(
        default=None,
        description="`postgresql://user:password@host/name`, or `sqlite:///path`; unset: an SQLite file in `data_dir`.",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        description="Signs access tokens; at least 32 characters. Unset in development: made once, kept in `data_dir`.",
    )
    access_token_minutes: int = Field(default=720, ge=1, le=43_200, description="How long a login lasts.")
    core_url: str = Field(default="http://127.0.0.1:8001", description="Address of core_service for this service.")
    core_timeout_seconds: float = Field(
        default=5, gt=0, le=120, description="How long core_service may take to answer."
    )
    pending_pause_seconds: float = Field(
        default=20, gt=0, le=3600, description="Pause before looking again for EXIF that waits for core_service."
    )
    max_batch_items: int = Field(default=100, ge=1, le=1000, description="Most photos in one batch.")
    core_public_url: str = Field(
        default="http://localhost:8001", description="Address of core_service as the browser of a user reaches it."
    )
    web_dir: Path = Field(default=_WEB, description="Folder of the page that is served at `/`.")
    max_body_mb: int = Field(default=32, ge=1, le=1024, description="Largest request body, in MiB.")
    busy_seconds: float = Field(
        default=10, gt=0, le=120, description="How long a request waits for a database that others are writing to."
    )

    @model_validator(mode="after")
    def _production_has_its_own_secret(self) -> Self:
        if self.environment == "production" and self.secret_key is None:
            raise ValueError("METADATA_SECRET_KEY must be set in production")
        if self.secret_key is not None and _is_weak(self.secret_key.get_secret_value()):
            raise ValueError(
                f"METADATA_SECRET_KEY must be at least {_MIN_SECRET_LENGTH} random characters, such as "
                "`openssl rand -hex 32` prints"
            )
        return self

    @property
    def database(self) -> str:
        """The database's URL, with the embedded SQLite file as the default."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'imalink.db'}"


def _is_weak(secret: str) -> bool:
    few_characters = len(set(secret)) < 8
    return len(secret) < _MIN_SECRET_LENGTH or few_characters or any(word in secret.lower() for word in _PLACEHOLDERS)
