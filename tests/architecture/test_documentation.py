"""What the documents say is what the code does: settings, problems, links, and the files they name."""

import json
import re
from pathlib import Path

import pytest

from core_service.app import create_app as create_core
from core_service.settings import Settings as CoreSettings
from metadata_service.app import create_app as create_metadata
from metadata_service.settings import Settings as MetadataSettings
from scripts import openapi_documents
from scripts.settings_table import default_of, settings_document, variables
from service_kit.errors import ServiceError, every_error

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
OURS = {"core_service", "metadata_service", "service_kit"}
SETTINGS = {**dict(variables(CoreSettings)), **dict(variables(MetadataSettings))}


def rows(document: Path) -> list[list[str]]:
    """The cells of every table row whose first cell is `code`; cells that are code and nothing else come bare."""
    lines = re.findall(r"^\| `(.*?)` \|(.*)\|$", document.read_text(), re.MULTILINE)
    return [
        [first, *(re.sub(r"^`([^`]*)`$", r"\1", cell.strip()) for cell in rest.split("|"))] for first, rest in lines
    ]


def test_the_settings_page_says_what_the_settings_are():
    assert (ROOT / "docs" / "settings.md").read_text() == settings_document(), "`make docs` writes it anew"


@pytest.mark.parametrize("service", openapi_documents.SERVICES)
def test_the_checked_in_openapi_document_is_what_the_service_says(service: str):
    known = (openapi_documents.FOLDER / f"{service}.json").read_text(encoding="utf-8")
    assert known == openapi_documents.text(service), "`make docs` writes it anew; look at what changed of the contract"


@pytest.mark.parametrize("service", openapi_documents.SERVICES)
def test_an_openapi_document_holds_what_it_refers_to(service: str):
    document = openapi_documents.document(service)
    named = set(re.findall(r'"\$ref": "#/components/schemas/([^"]+)"', json.dumps(document)))
    assert named <= set(document["components"]["schemas"])
    assert named


def test_the_settings_in_the_readme_are_real():
    named = [row for row in rows(ROOT / "README.md") if row[0].isupper()]

    assert named == [[name, default_of(SETTINGS[name]), SETTINGS[name].description] for name, *_ in named]
    assert len(named) >= 5


def test_every_line_of_the_example_is_a_setting():
    lines = [line for line in (ROOT / ".env.example").read_text().splitlines() if line]
    named = {match[1] for line in lines if (match := re.match(r"#? ?([A-Z_]+)=", line))}
    compose_alone = {"POSTGRES_PASSWORD"}

    assert named - compose_alone <= set(SETTINGS)
    assert all(line.startswith("# ") for line in lines), "copied as it is, the example changes nothing"


def test_compose_sets_nothing_that_is_not_a_setting():
    composed = (ROOT / "docker-compose.yml").read_text() + (ROOT / "docker-compose.dev.yml").read_text()

    assert set(re.findall(r"\b(?:CORE|METADATA)_[A-Z_]+\b", composed)) <= set(SETTINGS)


@pytest.fixture(scope="module")
def causes() -> dict[str, type[ServiceError]]:
    """Every problem that either service can answer, by slug; the imports above have loaded them all."""
    assert create_core
    assert create_metadata
    return {error.slug: error for error in every_error() if error.__module__.partition(".")[0] in OURS}


def test_every_problem_is_explained(causes: dict[str, type[ServiceError]]):
    explained = {slug: int(status) for slug, status, _meaning, _remedy in rows(ROOT / "docs" / "problems.md")}

    assert explained == {slug: cause.status for slug, cause in causes.items()}


def test_a_slug_names_one_cause():
    slugs = [error.slug for error in set(every_error())]

    assert len(slugs) == len(set(slugs))


def test_the_remedies_name_real_settings():
    named = re.findall(r"`((?:CORE|METADATA)_[A-Z_]+)`", (ROOT / "docs" / "problems.md").read_text())

    assert set(named) <= set(SETTINGS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path):
    links = re.findall(r"\]\((?!http)([^)#]+)", document.read_text())

    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_files_and_folders_that_are_named_exist(document: Path):
    named = re.findall(r"`((?:[\w.-]+/)+[\w.-]*)`", document.read_text())

    folders = [ROOT, ROOT / "core_service", ROOT / "metadata_service"]
    made = {"web/build"}  # by `make web`
    assert [
        name for name in named if name not in made and not any((folder / name).exists() for folder in folders)
    ] == []
