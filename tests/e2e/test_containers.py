"""docker-compose.yml and the Dockerfiles: read by Docker's own code, and run as far as that goes without an engine."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from scripts import build_page
from scripts.sample_photos import SHOTS, take
from tests.support.images import Image, compose_config, copies, instructions
from tests.support.ports import free_port
from tests.support.postgres import administer, postgres_server
from tests.support.processes import ROOT, wait_until_ready

pytestmark = pytest.mark.e2e

SECRETS = {"METADATA_SECRET_KEY": "0123456789abcdef" * 4, "POSTGRES_PASSWORD": "fedcba9876543210"}
SERVICES = ["core_service", "metadata_service"]
DEV = ("docker-compose.yml", "docker-compose.dev.yml")


@pytest.fixture(scope="module", params=SERVICES)
def package(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Image]:
    assert build_page.make() == 0
    return {name: Image.build(ROOT / name / "Dockerfile", tmp_path_factory.mktemp(name)) for name in SERVICES}


# The files


@pytest.mark.parametrize("secret", SECRETS)
def test_compose_refuses_to_start_without_a_secret(secret: str):
    others = {name: value for name, value in SECRETS.items() if name != secret}

    with pytest.raises(subprocess.CalledProcessError) as refused:
        compose_config(**others)

    assert f"required variable {secret} is missing a value" in refused.value.stderr


def test_metadata_starts_when_the_database_is_migrated_and_core_is_well():
    services = compose_config(**SECRETS)["services"]

    assert services["migrate"]["command"] == ["python", "-m", "metadata_service", "migrate"]
    assert services["migrate"]["depends_on"]["db"]["condition"] == "service_healthy"
    conditions = {name: wait["condition"] for name, wait in services["metadata"]["depends_on"].items()}
    assert conditions == {"migrate": "service_completed_successfully", "core": "service_healthy"}


def test_nothing_listens_beyond_this_machine_and_core_cannot_reach_the_database():
    services = compose_config(**SECRETS)["services"]

    published = {
        port["published"]: port["host_ip"] for service in services.values() for port in service.get("ports", [])
    }
    assert published == {"8000": "127.0.0.1", "8001": "127.0.0.1"}
    assert set(services["core"]["networks"]).isdisjoint(services["db"]["networks"])


@pytest.mark.parametrize("name", ["core", "metadata", "migrate"])
def test_our_containers_have_no_privileges(name: str):
    service = compose_config(**SECRETS)["services"][name]

    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_profile_of_originals_adds_workers_and_a_store_that_needs_a_key():
    keys = {"METADATA_S3_BUCKET": "photos", "METADATA_S3_ACCESS_KEY": "name", "METADATA_S3_SECRET_KEY": "word"}
    without = compose_config(**SECRETS)["services"]
    services = compose_config(**SECRETS, **keys, COMPOSE_PROFILES="originals")["services"]

    assert set(services) - set(without) == {"worker", "store"}
    assert services["worker"]["command"] == ["python", "-m", "metadata_service", "worker"]
    assert services["worker"]["read_only"]
    assert services["worker"]["environment"]["METADATA_S3_ENDPOINT"] == "http://store:8333"
    assert {port["host_ip"] for port in services["store"]["ports"]} == {"127.0.0.1"}
    (line,) = services["store"]["command"]
    assert "-bucket=photos" in line
    assert "telemetry=false" in line
    keyless = subprocess.run(
        ["/bin/sh", "-ec", line.replace("$$", "$")], env={}, capture_output=True, text=True, check=False
    )
    assert keyless.returncode == 1
    assert "METADATA_S3_SECRET_KEY" in keyless.stderr


def test_hadolint_finds_nothing_to_say():
    files = [ROOT / name / "Dockerfile" for name in SERVICES]

    said = subprocess.run(
        [Path(sys.executable).parent / "hadolint", *files], capture_output=True, text=True, check=False
    )

    assert said.stdout == ""
    assert said.returncode == 0


def test_an_image_is_pinned_rootless_hashed_and_holds_only_its_own(package: str):
    steps = instructions(ROOT / package / "Dockerfile")
    by_name = dict(steps)
    copied = {source for source, _ in copies(ROOT / package / "Dockerfile")}
    (other,) = set(SERVICES) - {package}

    assert by_name["FROM"].count(".") >= 2, "a tag that says the patch version"
    assert int(by_name["USER"]) > 0
    assert "--require-hashes" in by_name["RUN"]
    assert {"shared_schemas", "service_kit", package} <= copied
    assert other not in copied


def test_what_an_image_copies_is_not_kept_out_of_its_context(package: str):
    ignored, *exceptions = [
        line for line in (ROOT / ".dockerignore").read_text().splitlines() if not line.startswith(("#", "**"))
    ]
    copied = {source for source, _ in copies(ROOT / package / "Dockerfile")}

    assert ignored == "*"
    assert all(any(f"!{path}/".startswith(f"{allowed}/") for allowed in exceptions) for path in copied)


# The services, in what their images hold


def test_each_service_imports_with_its_own_pins_alone(images: dict[str, Image], package: str):
    image = images[package]
    optional = ".analysis.onnx"  # for who installs the group `analysis`
    import_all = (
        "import importlib, pkgutil, sys\n"
        f"package = importlib.import_module('{package}')\n"
        f"for module in pkgutil.walk_packages(package.__path__, '{package}.'):\n"
        f"    if not module.name.endswith(('.__main__', '.env', '{optional}')) and '.versions.' not in module.name:\n"
        "        importlib.import_module(module.name)\n"
    )

    image.run(["python", "-c", import_all])


@pytest.mark.parametrize(
    ("package", "absent"),
    [
        ("core_service", {"sqlalchemy", "httpx", "asyncpg", "jwt"}),
        ("metadata_service", {"PIL", "piexif", "rawpy", "pillow_heif"}),
    ],
    indirect=["package"],
)
def test_each_image_lacks_what_its_service_must_not_use(images: dict[str, Image], package: str, absent: set[str]):
    look = "import importlib.util as util, sys; print(*[name for name in sys.argv[1:] if util.find_spec(name)])"

    assert images[package].run(["python", "-c", look, *absent]).split() == []


@contextmanager
def _ended_afterwards(process: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


class Composed:
    """The services of a compose file, run here: only addresses and folders differ from what the file says."""

    def __init__(self, images: dict[str, Image], folder: Path, database: str, *files: str) -> None:
        self.images, self.folder = images, folder
        self.ports = {"core": free_port(), "metadata": free_port()}
        config = compose_config(*files, **SECRETS)
        self.services = config["services"]
        self.replacements = {
            "@db:5432/imalink": f"@{database}",
            "http://localhost:8001": self.url("core"),
            "http://core:8001": self.url("core"),
            "/data": str(folder / "data"),
            "--host=0.0.0.0": "--host=127.0.0.1",
            ":8000/": f":{self.ports['metadata']}/",
            ":8001/": f":{self.ports['core']}/",
            "--port=8000": f"--port={self.ports['metadata']}",
            "--port=8001": f"--port={self.ports['core']}",
        }

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.ports[name]}"

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def _adapt(self, text: str) -> str:
        for theirs, ours in self.replacements.items():
            text = text.replace(theirs, ours)
        return text

    def environment(self, name: str) -> dict[str, str]:
        written = {variable: self._adapt(value) for variable, value in self.services[name]["environment"].items()}
        listening = {"core": "CORE_", "metadata": "METADATA_", "migrate": "METADATA_"}[name]
        return {
            **written,
            f"{listening}HOST": "127.0.0.1",
            f"{listening}PORT": str(self.ports.get(name, 0)),
            "METADATA_DATA_DIR": str(self.folder / "data"),
        }

    def image(self, name: str) -> Image:
        return self.images[Path(self.services[name]["build"]["dockerfile"]).parent.name]

    @contextmanager
    def up(self, name: str) -> Iterator[None]:
        image = self.image(name)
        written = self.services[name].get("command") or image.command
        command = [self._adapt(part).replace("/app", str(image.folder)) for part in written]
        log = self.log(name)
        with log.open("wb") as output:
            process = image.start(command, self.environment(name), stdout=output, stderr=output)
        with _ended_afterwards(process):
            wait_until_ready(self.url(name), process, log)
            image.run([self._adapt(part) for part in image.healthcheck])
            yield


@pytest.fixture
def database() -> Iterator[str]:
    """An empty database of the name and user that compose gives it; yields host, port and name."""
    with postgres_server() as server:
        asyncio.run(administer(server, "CREATE ROLE imalink LOGIN"))
        asyncio.run(administer(server, "CREATE DATABASE imalink OWNER imalink"))
        yield server.partition("@")[2] + "/imalink"


@pytest.mark.parametrize("files", [DEV[:1], DEV], ids=["production", "live-reload"])
def test_the_composed_services_serve_a_photo(
    images: dict[str, Image], tmp_path: Path, database: str, files: tuple[str, ...]
):
    composed = Composed(images, tmp_path, database, *files)

    composed.image("migrate").run(composed.services["migrate"]["command"], composed.environment("migrate"))

    with composed.up("core"), composed.up("metadata"):
        photos = f"{composed.url('metadata')}/api/v1/photos"
        mine = register(composed.url("metadata"))
        image = {"file": ("IMG_1.jpg", take(SHOTS[0]), "image/jpeg")}
        egg = httpx.post(f"{composed.url('core')}/v1/process", files=image, timeout=60).json()
        assert httpx.post(f"{photos}/photoegg", json=egg, headers=mine).status_code == 201
        assert [photo["hothash"] for photo in httpx.get(photos, headers=mine).json()["data"]] == [egg["hothash"]]
        assert httpx.get(photos).json()["data"] == []


def test_with_live_reload_a_changed_file_restarts_the_service(images: dict[str, Image], tmp_path: Path):
    composed = Composed(images, tmp_path, "nowhere", *DEV)
    changed = composed.image("core").folder / "core_service" / "errors.py"

    with composed.up("core"):
        with changed.open("a") as module:
            module.write("# changed\n")
        deadline = time.monotonic() + 60
        while composed.log("core").read_text().count("Application startup complete.") < 2:
            assert time.monotonic() < deadline, composed.log("core").read_text()
            time.sleep(0.1)


def register(url: str) -> dict[str, str]:
    """Make an account and return the header that speaks for it."""
    person = {"username": "kari", "email": "kari@example.org", "password": "correct horse battery"}
    assert httpx.post(f"{url}/api/v1/auth/register", json=person).status_code == 201
    token = httpx.post(f"{url}/api/v1/auth/login", json=person).json()["access_token"]
    return {"Authorization": f"Bearer {token}"}
