"""Production starts with nothing that can be guessed, and secrets may come from files."""

import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from metadata_service.accounts.tokens import load_tokens
from metadata_service.settings import Settings
from service_kit.settings import read_settings
from tests.support.processes import clean_environment

GOOD = {"environment": "production", "secret_key": secrets.token_hex(32)}


def test_production_starts_with_secrets_of_its_own() -> None:
    Settings(**GOOD)
    Settings(**GOOD, database_url=f"postgresql://imalink:{secrets.token_hex(24)}@db/imalink")
    Settings(**GOOD, database_url="sqlite:////data/imalink.db")
    Settings(**GOOD, oidc_issuer="https://id.example.org", oidc_public_url="https://photos.example.org")


@pytest.mark.parametrize(
    "secret",
    [None, "", "short", "a" * 64, "changeme" * 8, "this-is-a-secret-key-for-development", "0101" * 16, "default" * 8],
)
def test_production_refuses_a_signing_key_that_nobody_chose(secret: str | None) -> None:
    with pytest.raises(ValidationError, match="METADATA_SECRET_KEY"):
        Settings(environment="production", secret_key=secret)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://imalink:imalink@db/imalink",
        "postgresql://imalink@db/imalink",
        "postgresql://u:postgres@db/imalink",
        "postgresql://u:Password1@db/imalink",
        "postgresql://photographer:photographer@db/imalink",
        "postgresql://u:unset@db/imalink",
    ],
)
def test_production_refuses_a_database_whose_password_everybody_tries(url: str) -> None:
    with pytest.raises(ValidationError, match="METADATA_DATABASE_URL"):
        Settings(**GOOD, database_url=url)
    Settings(database_url=url)


@pytest.mark.parametrize("name", ["issuer", "public_url"])
def test_production_refuses_a_provider_that_others_can_listen_to(name: str) -> None:
    provider = {"oidc_issuer": "https://id.example.org", "oidc_public_url": "https://photos.example.org"}
    with pytest.raises(ValidationError, match="https"):
        Settings(**GOOD, **provider | {f"oidc_{name}": "http://id.example.org"})


def test_secrets_are_read_from_files_and_the_environment_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "METADATA_SECRET_KEY").write_text("f1" + secrets.token_hex(31))
    monkeypatch.setenv("METADATA_SECRETS_DIR", str(tmp_path))
    found = read_settings(Settings).secret_key
    assert found is not None
    assert found.get_secret_value().startswith("f1")
    monkeypatch.setenv("METADATA_SECRET_KEY", "e2" + secrets.token_hex(31))
    found = read_settings(Settings).secret_key
    assert found is not None
    assert found.get_secret_value().startswith("e2")


def test_the_program_ends_with_a_sentence_and_prints_no_secret(tmp_path: Path) -> None:
    weak = "changeme-changeme-changeme-changeme-0"
    environment = clean_environment() | {"METADATA_ENVIRONMENT": "production", "METADATA_SECRET_KEY": weak}
    ended = subprocess.run(
        [sys.executable, "-m", "metadata_service"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 1
    assert "openssl rand -hex 32" in ended.stderr
    assert weak not in ended.stderr + ended.stdout
    assert ended.stderr.count("\n") == 1


def test_a_secret_is_shown_nowhere_and_its_file_is_its_owners_alone(tmp_path: Path) -> None:
    tokens = load_tokens(Settings(data_dir=tmp_path))
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0
    assert load_tokens(Settings(data_dir=tmp_path)) == tokens
    assert tokens.secret not in repr(Settings(**GOOD | {"secret_key": tokens.secret}))
    assert tokens.secret not in repr(tokens)
