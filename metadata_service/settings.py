"""Everything about metadata_service that an operator may choose, read from METADATA_* and `.env`."""

from pathlib import Path
from typing import Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator

from service_kit.settings import KitSettings, settings_config

_WEB: Final = Path(__file__).resolve().parent.parent / "web" / "build"
_MIN_SECRET_LENGTH: Final = 32
_GUESSED: Final = ("password", "postgres", "imalink", "change", "secret", "example", "12345678")
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
    access_token_minutes: int = Field(
        default=60, ge=1, le=43_200, description="How long an access token is good; then it must be refreshed."
    )
    refresh_token_days: int = Field(
        default=30, ge=1, le=3650, description="How long one stays signed in without coming back."
    )
    registration: Literal["open", "invite", "closed"] = Field(
        default="open", description="Who may make an account: anybody, whoever has an invite code, nobody."
    )
    first_user_is_admin: bool = Field(
        default=True, description="Whether the first account that is made may administer the others."
    )
    password_min_length: int = Field(default=8, ge=8, le=128, description="Fewest characters of a new password.")
    rate_limits: bool = Field(default=True, description="Whether sign-ins and guesses are counted and limited.")
    redis_url: str | None = Field(
        default=None,
        description="`redis://host:6379/0`, where several processes count attempts together; unset: each by itself.",
    )
    security_event_days: int = Field(
        default=180, ge=1, le=3650, description="How long it is remembered what happened to an account."
    )
    oidc_issuer: str | None = Field(
        default=None, description="Address of an OpenID provider to sign in with, such as `https://id.example.org`."
    )
    oidc_client_id: str = Field(default="imalink", description="Our name with the OpenID provider.")
    oidc_client_secret: SecretStr | None = Field(
        default=None, description="Our secret with the OpenID provider; unset: a public client, with PKCE alone."
    )
    oidc_name: str = Field(default="OpenID", description="What the page calls the OpenID provider.")
    oidc_public_url: str = Field(
        default="http://localhost:8000", description="Our own address, to which the OpenID provider sends people back."
    )
    oidc_creates_accounts: bool = Field(
        default=True, description="Whether who comes from the OpenID provider for the first time gets an account."
    )
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
    web_dir: Path = Field(default=_WEB, description="Folder of the built page that is served at `/`.")
    max_body_mb: int = Field(default=32, ge=1, le=1024, description="Largest request body, in MiB.")
    body_stall_seconds: float = Field(
        default=30, gt=0, le=600, description="How long a client may send nothing in the middle of a request."
    )
    busy_seconds: float = Field(
        default=10, gt=0, le=120, description="How long a request waits for a database that others are writing to."
    )
    s3_bucket: str | None = Field(
        default=None, description="Bucket for originals and previews; unset: the folder `blobs` in `data_dir`."
    )
    s3_endpoint: str | None = Field(default=None, description="Address of the S3 server; unset: that of AWS.")
    s3_public_endpoint: str | None = Field(
        default=None, description="Address of the S3 server for browsers, if they reach it by another name."
    )
    s3_region: str = Field(default="us-east-1", description="Region of the bucket.")
    s3_access_key: SecretStr = Field(default=SecretStr(""), description="Name of the bucket's user.")
    s3_secret_key: SecretStr = Field(default=SecretStr(""), description="Secret of the bucket's user.")
    s3_seconds: float = Field(default=30, gt=0, le=600, description="How long the bucket may take to answer.")
    uploads: bool = Field(default=True, description="Whether people may upload originals, to be kept here.")
    upload_max_file_mb: int = Field(default=256, ge=1, le=4096, description="Largest original, in MiB.")
    upload_max_request_mb: int = Field(default=4096, ge=1, le=65_536, description="Largest upload request, in MiB.")
    upload_jobs_at_once: int = Field(
        default=2,
        ge=0,
        le=64,
        description="Originals that a process has core_service read at a time; 0 leaves all work to workers.",
    )
    upload_io_at_once: int = Field(
        default=4, ge=1, le=64, description="Thumbnails and endings of uploads that a process works on at a time."
    )
    analysis_at_once: int = Field(
        default=2, ge=1, le=64, description="Pictures, or parts of one, that a process analyses at a time."
    )
    upload_lease_seconds: float = Field(
        default=30,
        ge=1,
        le=3600,
        description="How long after a worker's last sign of life others take its uploads over.",
    )
    upload_core_seconds: float = Field(
        default=120, gt=0, le=3600, description="How long core_service may take over one original."
    )
    analysis_dir: Path | None = Field(
        default=None, description="Folder of ONNX models that places may name; unset: nothing is analysed."
    )
    orphan_grace_hours: float = Field(
        default=168, ge=0, le=8760, description="How long an object without a row is kept before it is deleted."
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

    @model_validator(mode="after")
    def _production_trusts_nothing_that_can_be_guessed_or_read(self) -> Self:
        if self.environment != "production":
            return self
        if self.database_url is not None and _has_guessable_password(self.database_url):
            raise ValueError(
                "METADATA_DATABASE_URL has a password that everybody tries first; take what "
                "`openssl rand -hex 24` prints"
            )
        if self.oidc_issuer is not None and not self.oidc_issuer.startswith("https://"):
            raise ValueError("METADATA_OIDC_ISSUER must begin with https:// in production")
        if self.oidc_issuer is not None and not self.oidc_public_url.startswith("https://"):
            raise ValueError("METADATA_OIDC_PUBLIC_URL must begin with https:// in production")
        return self

    @property
    def database(self) -> str:
        """The database's URL, with the embedded SQLite file as the default."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'imalink.db'}"


def _has_guessable_password(url: str) -> bool:
    """A password that is none, the user's own name, or a word that examples use."""
    parts = urlsplit(url)
    if parts.hostname is None:  # SQLite, or a socket
        return False
    password = (parts.password or "").lower()
    return len(password) < 8 or password == parts.username or any(word in password for word in _GUESSED)


def _is_weak(secret: str) -> bool:
    few_characters = len(set(secret)) < 8
    return len(secret) < _MIN_SECRET_LENGTH or few_characters or any(word in secret.lower() for word in _PLACEHOLDERS)
