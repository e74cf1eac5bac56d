"""The settings that every service has; each service adds its own and chooses the prefix."""

import os
import sys
from typing import Annotated, Literal, TypeVar

from pydantic import BeforeValidator, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def _split_commas(value: object) -> object:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


CommaSeparated = Annotated[list[str], NoDecode, BeforeValidator(_split_commas)]
"""A list that is written `a,b,c` in the environment."""


def settings_config(prefix: str) -> SettingsConfigDict:
    """Read `<prefix>NAME` from the environment, then from `.env`; refuse values that do not fit."""
    return SettingsConfigDict(env_prefix=prefix, env_file=".env", extra="ignore", validate_default=True)


Chosen = TypeVar("Chosen", bound="KitSettings")


def read_settings(settings: type[Chosen]) -> Chosen:
    """Read the settings of a service; end the process with a sentence for each that does not fit.

    `<prefix>SECRETS_DIR` names a folder of files that are called as the variables are, and hold their values: what
    orchestrators mount. The environment comes before them.
    """
    prefix = settings.model_config.get("env_prefix", "")
    folder = os.environ.get(f"{prefix}SECRETS_DIR".upper())
    try:
        return settings(_secrets_dir=folder) if folder else settings()
    except ValidationError as error:
        sys.exit("\n".join(_sentence(prefix, item["loc"], item["msg"]) for item in error.errors()))


def _sentence(prefix: str, location: tuple[int | str, ...], message: str) -> str:
    name = f"{prefix}{location[0]}".upper() + ": " if location else ""
    return name + message.removeprefix("Value error, ")


class KitSettings(BaseSettings):
    """Where a service listens, whom it answers, how it speaks to its operator."""

    environment: Literal["development", "production"] = Field(
        default="development", description="`production` refuses to start with secrets that nobody chose."
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    cors_origins: CommaSeparated = Field(
        default=[
            "http://localhost:8000",
            "http://127.0.0.1:8000",
            "http://localhost:3000",
            "http://localhost:5173",
        ],
        description="Origins whose pages may call this service, comma separated.",
    )
    allowed_hosts: CommaSeparated = Field(
        default=[],
        description="Domain names that lead here, comma separated; addresses and names without a dot need no mention.",
    )
    trusted_proxies: CommaSeparated = Field(
        default=["127.0.0.1", "::1"],
        description="Addresses or networks of proxies whose word for a caller's address counts, comma separated.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="Least level logged.")
    log_format: Literal["auto", "human", "json"] = Field(
        default="auto", description="`auto` is human in a terminal and JSON otherwise."
    )
    shutdown_seconds: int = Field(
        default=10, ge=0, le=600, description="How long requests under way may take to finish at shutdown."
    )

    @field_validator("cors_origins")
    @classmethod
    def _no_wildcard(cls, origins: list[str]) -> list[str]:
        if any("*" in origin for origin in origins):
            raise ValueError("name each origin; a wildcard would let every page on the web act for a signed-in user")
        return [origin.rstrip("/") for origin in origins]
