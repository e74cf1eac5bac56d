"""Exports: a library goes out as plain files, comes back the same, and nothing that was typed since is undone."""

import asyncio
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from metadata_service.doctor import examine
from metadata_service.exports.errors import NotAnExportError
from metadata_service.exports.routes import MOST_AT_ONCE, Sending
from metadata_service.exports.source import verify
from metadata_service.exports.things import BY_HAND, ITEMS, LEFT_OUT, PHOTO, THINGS, Part
from metadata_service.settings import Settings
from metadata_service.tables import PhotoPair, PhotoStack, Table
from tests.support import exporting
from tests.support.eggs import jpeg
from tests.support.metadata import MetadataService, Person, running_metadata
from tests.support.needs import missing
from tests.support.processes import clean_environment


@pytest.fixture
async def other(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[MetadataService]:
    """Another server, with nothing in it; always SQLite, so that half of the tests move between the two databases."""
    shutil.copy(sqlite_template, tmp_path / "other.db")
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'other.db'}", data_dir=tmp_path / "other")
    async with running_metadata(settings) as running:
        yield running


async def _export(service: MetadataService, person: Person, root: Path) -> Any:
    return await exporting.export(service.database, service.app.state.blobs, person.user["id"], root)


async def _import(service: MetadataService, person: Person, root: Path) -> Any:
    return await exporting.bring_in(service.database, service.app.state.blobs, person.user["id"], root)


async def _library(service: MetadataService, person: Person) -> list[dict[str, Any]]:
    """A library with some of everything."""
    author = (await person.post("authors", json={"name": "Anna", "bio": "paints"})).json()["id"]
    top = (await person.post("events", json={"name": "Trip"})).json()["id"]
    day = (await person.post("events", json={"name": "Day", "parent_event_id": top})).json()["id"]
    channel = (await person.post("input-channels", json={"title": "Card", "default_author_id": author})).json()["id"]
    where = {"machine": "desk", "volume": "Photos", "relative_path": "2024/05/IMG_0001.CR2"}
    raw = {"filename": "IMG_0001.CR2", "file_size": 9, "sha256": "9" * 64, "role": "raw", "location": where}
    wishes = {"import_session_id": channel, "author_id": author, "title": "Fjord æøå", "description": "<&>\n2"}
    photos = [
        await person.keep(
            1, tags=["sea", "Æøå"], rating=4, coldpreview=jpeg(51, size=(400, 300)), **wishes, image_files=[raw]
        ),
        await person.keep(2, tags=["sea"], visibility="public", category="family"),
        await person.keep(3, metadata={"taken_at": None, "gps_latitude": None, "gps_longitude": None}),
        await person.keep(4),
    ]
    hothashes = [photo["hothash"] for photo in photos]
    for photo in photos[:2]:
        await person.put(f"photos/{photo['id']}/event", json={"event_id": day})
    wanted = {"taken_at": "2023-01-01T10:00:00", "gps_latitude": 1.25, "gps_longitude": -2.5}
    answer = await person.patch(f"photos/{hothashes[1]}/timeloc-correction", json=wanted)
    assert answer.status_code == 200, answer.text
    await person.delete(f"photos/{hothashes[3]}")
    stack = {"stack_type": "burst", "title": "x", "photo_hothashes": hothashes[:2], "cover_photo_hothash": hothashes[1]}
    assert (await person.post("photo-stacks", json=stack)).status_code == 201
    album = (await person.post("collections", json={"name": "Album", "hothashes": hothashes[:3]})).json()["id"]
    card = {"type": "text", "text_card": {"title": "Day one", "body": "Rain."}}
    await person.post(f"collections/{album}/items/insert", json={"position": 1, "items": [card]})
    await person.patch(f"collections/{album}/items/0/caption", json={"caption": "A boat"})
    async with service.database.writing() as session:
        pair = {"photo_id": photos[0]["id"], "other_id": photos[1]["id"], "distance": 3, "is_dismissed": True}
        await session.execute(insert(PhotoPair).values(pair | {"owner_id": person.user["id"]}))
    tag = (await person.get("tags")).json()["tags"][0]["id"]
    criteria = {"tag_ids": [tag], "event_id": top, "include_descendants": True, "author_id": 999, "query": "fjord"}
    search = {"name": "Best", "search_criteria": criteria, "is_favorite": True}
    assert (await person.post("photo-searches", json=search)).status_code == 201
    story = {"title": "A day", "document_type": "album", "content": {"blocks": [{"imageId": hothashes[0]}]}}
    assert (
        await person.post("phototext", json=story | {"is_published": True, "visibility": "public"})
    ).status_code == 201
    return photos


def _parts(part: Part) -> Iterator[type[Table]]:
    yield part.table
    for below in part.parts:
        yield from _parts(below)


def test_every_table_goes_out_or_says_why_it_does_not() -> None:
    placed = {thing.table for thing in THINGS.values()} | {*_parts(PHOTO), ITEMS.table, *BY_HAND}
    names = {table.__tablename__ for table in placed}
    assert names | LEFT_OUT.keys() == Table.metadata.tables.keys()
    assert not names & LEFT_OUT.keys()


async def test_a_library_comes_back_the_same_on_an_empty_server(
    service: MetadataService, other: MetadataService, kari: Person, tmp_path: Path
) -> None:
    await _library(service, kari)
    await _export(service, kari, tmp_path / "x")
    assert list(verify(tmp_path / "x")) == []
    await other.user("ola")  # ids are not the same there
    again = await other.user("kari")
    counts = await _import(other, again, tmp_path / "x")
    assert (counts["new"], counts["changed"], counts["united"]) == (4, 0, 0)
    await _export(other, again, tmp_path / "y")
    assert exporting.form(tmp_path / "y") == exporting.form(tmp_path / "x")
    assert await examine(other.database, repair=False) == []
    assert await _said(again) == await _said(kari)


_ADDRESSES = (
    "photos?owner=me&limit=100",
    "photos/trash",
    "tags",
    "authors",
    "input-channels",
    "photo-stacks",
    "collections",
    "collections/{collection}",
    "events/tree",
    "photo-searches",
    "phototext",
    "timeline?granularity=day",
    "photos?query=fjord",
    "photos?event_id={event}&include_descendants=true",
)


async def _said(person: Person) -> list[Any]:
    """What the API says of a library, without the numbers of rows."""
    here = {
        "collection": (await person.get("collections")).json()["collections"][0]["id"],
        "event": (await person.get("events")).json()[0]["id"],
    }
    answers = []
    for address in _ADDRESSES:
        answer = await person.get(address.format(**here))
        assert answer.status_code == 200, answer.text
        answers.append((address, _without_numbers(answer.json())))
    return answers


def _without_numbers(told: Any) -> Any:
    if isinstance(told, dict):
        keep = {
            name: value
            for name, value in told.items()
            if name not in {"next_cursor", "search_criteria", "corrected_by"}
        }
        return {
            name: _without_numbers(value)
            for name, value in keep.items()
            if name != "id" and not name.endswith(("_id", "_url", "_path")) and not name.startswith("coldpreview_url")
        }
    return [_without_numbers(item) for item in told] if isinstance(told, list) else told


async def test_an_import_that_is_repeated_changes_nothing(
    service: MetadataService, other: MetadataService, kari: Person, tmp_path: Path
) -> None:
    await _library(service, kari)
    await _export(service, kari, tmp_path / "x")
    again = await other.user("kari")
    for times in (1, 2):
        counts = await _import(other, again, tmp_path / "x")
        assert counts["new"] == (4 if times == 1 else 0)
    await _export(other, again, tmp_path / "y")
    assert exporting.form(tmp_path / "y") == exporting.form(tmp_path / "x")
    counts = await _import(service, kari, tmp_path / "x")
    assert (counts["new"], counts["changed"], counts["united"]) == (0, 0, 0), "at home it is all there"


async def test_what_was_typed_since_stays_and_what_the_export_saw_later_comes(
    service: MetadataService, other: MetadataService, kari: Person, tmp_path: Path
) -> None:
    photos = await _library(service, kari)
    first, second = photos[0]["hothash"], photos[1]["hothash"]
    await _export(service, kari, tmp_path / "x")
    again = await other.user("kari")
    await _import(other, again, tmp_path / "x")
    await again.put(f"photos/{first}", json={"title": "Typed there", "author_id": None})
    await again.delete(f"photos/{first}/tags/sea")
    await kari.put(f"photos/{first}", json={"title": "Typed here, but before"})
    await again.put(f"photos/{first}", json={"rating": 1})
    await kari.put(f"photos/{second}", json={"title": "Typed here"})
    await kari.post(f"photos/{second}/tags", json={"tags": ["new"]})
    await _export(service, kari, tmp_path / "x")
    counts = await _import(other, again, tmp_path / "x")
    assert (counts["new"], counts["changed"]) == (0, 1)
    there = (await again.get(f"photos/{first}")).json()
    assert (there["title"], there["rating"], there["author"]) == ("Typed there", 1, None)
    assert [tag["name"] for tag in there["tags"]] == ["Æøå"]
    there = (await again.get(f"photos/{second}")).json()
    assert (there["title"], [tag["name"] for tag in there["tags"]]) == ("Typed here", ["new", "sea"])
    assert await again.ids(query="new") == [there["id"]], "words are indexed"
    assert await examine(other.database, repair=False) == []


async def test_a_photo_that_came_by_itself_takes_what_it_lacks_and_keeps_what_it_has(
    service: MetadataService, other: MetadataService, kari: Person, tmp_path: Path
) -> None:
    photos = await _library(service, kari)
    await _export(service, kari, tmp_path / "x")
    again = await other.user("kari")
    await again.keep(1, title="Mine", tags=["own"])
    await again.keep(2)
    for _ in range(2):
        counts = await _import(other, again, tmp_path / "x")
        assert counts["united"] == 2
    there = (await again.get(f"photos/{photos[0]['hothash']}")).json()
    assert (there["title"], there["description"], there["rating"]) == ("Mine", "<&>\n2", 4)
    assert [tag["name"] for tag in there["tags"]] == ["own", "sea", "Æøå"]
    assert there["coldpreview_width"] == 400
    assert sorted(file["filename"] for file in there["files"]) == ["IMG_0001.CR2", "IMG_0001.JPG"]
    there = (await again.get(f"photos/{photos[1]['hothash']}")).json()
    assert (there["taken_at"], there["gps_latitude"]) == ("2023-01-01T10:00:00", 1.25), "corrections come along"
    assert await examine(other.database, repair=False) == []


async def test_an_export_writes_only_what_changed_and_forgets_what_is_gone(
    service: MetadataService, kari: Person, tmp_path: Path
) -> None:
    photos = await _library(service, kari)
    first = await _export(service, kari, tmp_path / "x")
    assert first.written == first.files
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "x").rglob("*.jpg")}
    assert (await _export(service, kari, tmp_path / "x")).written == 0
    await kari.put(f"photos/{photos[1]['id']}", json={"title": "New"})
    again = await _export(service, kari, tmp_path / "x")
    assert again.written == 2, "one file of photos, one sidecar"
    await kari.delete(f"photos/{photos[0]['id']}?purge=true")
    gone = await _export(service, kari, tmp_path / "x")
    assert gone.removed == 5, "two previews, two sidecars, the pair that it was in"
    assert list(verify(tmp_path / "x")) == []
    assert photos[0]["hothash"] not in "".join(str(path) for path in (tmp_path / "x").rglob("*"))
    after = {path: path.stat().st_mtime_ns for path in (tmp_path / "x").rglob("*.jpg")}
    assert after.items() <= before.items()


async def test_whoever_changes_a_byte_is_found_out(service: MetadataService, kari: Person, tmp_path: Path) -> None:
    await _library(service, kari)
    root = tmp_path / "x"
    await _export(service, kari, root)
    _check_with_sha256sum(root)
    for path in (next(root.rglob("*.jpg")), next(root.rglob("*.xmp")), root / "library/photos/0000000.ndjson"):
        kept = path.read_bytes()
        path.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
        assert list(verify(root)) == [f"{path.relative_to(root)} was changed."]
        path.unlink()
        assert list(verify(root)) == [f"{path.relative_to(root)} is missing."]
        path.write_bytes(kept)
    sums = root / "SHA256SUMS"
    sums.write_bytes(sums.read_bytes()[:-1])
    assert list(verify(root)) == ["SHA256SUMS is not the one that the manifest means."]
    (root / "manifest.json").write_text(
        json.dumps({"format": "imalink-export", "version": 2, "checksums": {"sha256": ""}})
    )
    assert "version 2" in next(iter(verify(root)))


def _check_with_sha256sum(root: Path) -> None:
    """What anybody can do anywhere, without a program of ours."""
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=root, check=True)


async def test_a_changed_export_is_refused_before_it_comes_in(
    service: MetadataService, other: MetadataService, kari: Person, tmp_path: Path
) -> None:
    await _library(service, kari)
    await _export(service, kari, tmp_path / "x")
    path = next((tmp_path / "x").glob("previews/hot/*/*"))
    path.write_bytes(b"\xff\xd8 not this one")
    again = await other.user("kari")
    with pytest.raises(NotAnExportError, match=path.name):
        await _import(other, again, tmp_path / "x")
    assert await again.ids() == [], "a file of photos comes in whole or not at all"


@pytest.mark.parametrize("kind", ["events", "photos", "collections", "import_items"])
async def test_an_import_that_broke_off_goes_on_where_it_was(
    service: MetadataService, other: MetadataService, kari: Person, tmp_path: Path, kind: str
) -> None:
    await _library(service, kari)
    root = tmp_path / "x"
    await _export(service, kari, root)
    again = await other.user("kari")
    path = next(root.glob(f"library/{kind}/*"))
    kept = path.read_bytes()
    path.write_bytes(kept + b"\n")
    with pytest.raises(NotAnExportError, match=kind):
        await _import(other, again, root)
    path.write_bytes(kept)
    await _import(other, again, root)
    await _export(other, again, tmp_path / "y")
    assert exporting.form(tmp_path / "y") == exporting.form(root)


async def test_an_export_that_dies_at_any_step_leaves_the_old_one_or_the_new_one_whole(
    settings: Settings, service: MetadataService, kari: Person, tmp_path: Path
) -> None:
    if not service.database.is_sqlite:
        return  # what is tried is what happens in the folder
    photos = await _library(service, kari)
    await _export(service, kari, tmp_path / "old")
    await kari.put(f"photos/{photos[1]['id']}", json={"title": "New"})
    await kari.delete(f"photos/{photos[0]['id']}?purge=true")
    await kari.keep(9, tags=["late"], coldpreview=jpeg(59, size=(400, 300)))
    where = [settings.database, str(settings.data_dir / "blobs"), str(kari.user["id"])]
    words = [sys.executable, "-m", "tests.support.dying_exports", *where, str(tmp_path / "old"), str(tmp_path / "x")]
    dying = await asyncio.create_subprocess_exec(
        *words, env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    said, complaints = await dying.communicate()
    assert dying.returncode == 0, complaints.decode()[-2000:]
    steps = [json.loads(line) for line in said.splitlines()]
    assert len(steps) > 20, "so many moments to die at"
    for step in steps:
        assert (step["wrong"], step["left"], step["is_equal"]) == ([], [], True), step


async def test_an_export_that_is_no_export_is_refused(service: MetadataService, kari: Person, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "thesis.txt").write_text("years of work")
    with pytest.raises(NotAnExportError, match="something that is no export"):
        await _export(service, kari, tmp_path / "x")
    assert (tmp_path / "x" / "thesis.txt").read_text() == "years of work"
    with pytest.raises(NotAnExportError, match=r"manifest\.json"):
        await _import(service, kari, tmp_path / "nowhere")


async def test_a_stranger_is_nowhere_in_an_export(
    service: MetadataService, kari: Person, ola: Person, tmp_path: Path
) -> None:
    photo = await ola.keep(7, title="swordfish", visibility="public", tags=["swordfish"])
    await ola.post("collections", json={"name": "swordfish"})
    await _library(service, kari)
    await _export(service, kari, tmp_path / "x")
    for path in (tmp_path / "x").rglob("*"):
        assert path.is_dir() or b"swordfish" not in path.read_bytes()
        assert photo["hothash"] not in path.name


async def test_a_stack_whose_cover_was_not_set_yet_gets_it_when_the_import_goes_on(
    service: MetadataService, other: MetadataService, kari: Person, tmp_path: Path
) -> None:
    await _library(service, kari)
    await _export(service, kari, tmp_path / "x")
    again = await other.user("kari")
    await _import(other, again, tmp_path / "x")
    async with other.database.writing() as session:
        same = PhotoStack.updated_at
        await session.execute(update(PhotoStack).values(cover_photo_id=None, updated_at=same))
    await _import(other, again, tmp_path / "x")
    async with other.database.reading() as session:
        assert await session.scalar(select(PhotoStack.cover_photo_id)) is not None


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("photos", {"rating": 9}),
        ("photos", {"visibility": "everybody"}),
        ("photos", {"title": "x" * 300}),
        ("photos", {"title": "nul\0"}),
        ("photos", {"created_at": "2024-01-01T00:00:00"}),
        ("photos", {"gps_latitude": "north"}),
        ("photos", {"hothash": None}),
        ("tags", {"name": None}),
        ("collections", {"name": 5}),
        ("collections", {"created_at": "soon"}),
    ],
)
async def test_a_record_that_cannot_be_is_refused_by_name(
    service: MetadataService, kari: Person, tmp_path: Path, *, kind: str, change: dict[str, Any]
) -> None:
    await _library(service, kari)
    root = tmp_path / "x"
    await _export(service, kari, root)
    _edit(root, kind, change)
    stranger = await service.user("stranger")
    with pytest.raises(NotAnExportError, match=f"library/{kind}"):
        await _import(service, stranger, root)


def _edit(root: Path, kind: str, change: dict[str, Any]) -> None:
    """Change a record, and the list and the manifest with it, as somebody would who knows how."""
    import hashlib

    path = next(root.glob(f"library/{kind}/*"))
    first, *rest = path.read_text().splitlines(keepends=True)
    path.write_text(json.dumps(json.loads(first) | change) + "\n" + "".join(rest))
    sums = root / "SHA256SUMS"
    lines = [line for line in sums.read_text().splitlines() if not line.endswith(f"  {path.relative_to(root)}")]
    lines.append(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(root)}")
    sums.write_text("\n".join(lines) + "\n")
    manifest = json.loads((root / "manifest.json").read_text())
    manifest["checksums"]["sha256"] = hashlib.sha256(sums.read_bytes()).hexdigest()
    (root / "manifest.json").write_text(json.dumps(manifest))


async def test_sidecars_say_to_other_programs_what_the_owner_said(
    service: MetadataService, kari: Person, tmp_path: Path
) -> None:
    if shutil.which("exiftool") is None:
        missing("exiftool", "apt-get install libimage-exiftool-perl")
    await _library(service, kari)
    await _export(service, kari, tmp_path / "x")
    raw = tmp_path / "x/sidecars/desk/Photos/2024/05/IMG_0001.CR2.xmp"
    said = _exiftool(raw)
    assert (said["Title"], said["Description"], said["Rating"]) == ("Fjord æøå", "<&>\n2", 4)
    assert (said["Subject"], said["Creator"]) == (["sea", "Æøå"], "Anna")
    assert said["DateTimeOriginal"] == "2024:04:02 14:55:20+02:00"
    assert (said["GPSLatitude"], said["GPSLongitude"]) == (
        pytest.approx(59.9139, abs=1e-9),
        pytest.approx(10.7522, abs=1e-9),
    )
    assert (said["City"], said["CountryCode"]) == ("Oslo", "NO")
    corrected = _exiftool(tmp_path / "x/sidecars/IMG_0002.JPG.xmp")
    assert str(corrected["DateTimeOriginal"]).startswith("2023:01:01 10:00:00")
    assert (corrected["GPSLatitude"], corrected["GPSLongitude"]) == (1.25, -2.5)
    assert "DateTimeOriginal" not in _exiftool(tmp_path / "x/sidecars/IMG_0003.JPG.xmp")


def _exiftool(path: Path) -> dict[str, Any]:
    """What exiftool reads, without a warning."""
    done = subprocess.run(
        ["exiftool", "-json", "-c", "%.12f", "-XMP:GPSLatitude#", "-XMP:GPSLongitude#", "-XMP:all", "-warning", path],
        capture_output=True,
        check=True,
    )
    (said,) = json.loads(done.stdout)
    assert "Warning" not in said, said
    found: dict[str, Any] = said
    return found


async def test_the_owner_takes_the_same_along_as_an_archive(
    service: MetadataService, kari: Person, anyone: Person, tmp_path: Path
) -> None:
    await _library(service, kari)
    await _export(service, kari, tmp_path / "x")
    answer = await kari.get("users/me/export/")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert re.search(r'filename="imalink-kari-\d{4}-\d\d-\d\d\.zip"', answer.headers["content-disposition"])
    assert answer.headers["cache-control"] == "private, no-store"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[-1] == "manifest.json", "what was cut off has none"
        archive.extractall(tmp_path / "y")
    assert list(verify(tmp_path / "y")) == []
    assert exporting.form(tmp_path / "y") == exporting.form(tmp_path / "x")
    assert (await anyone.get("users/me/export")).status_code == 401


async def test_no_more_archives_are_sent_at_a_time_than_readers_can_bear(
    service: MetadataService, kari: Person
) -> None:
    service.app.state.sending = sending = Sending()
    sending.now = MOST_AT_ONCE
    answer = await kari.get("users/me/export")
    assert (answer.status_code, answer.json()["type"], answer.headers["retry-after"]) == (503, "exports-busy", "60")
    sending.now = 0
    assert (await kari.get("users/me/export")).status_code == 200
    assert sending.now == 0, "it is counted off when it was sent"


async def test_events_that_were_edited_into_a_circle_do_not_go_round_in_it(
    service: MetadataService, kari: Person, tmp_path: Path
) -> None:
    await _library(service, kari)
    root = tmp_path / "x"
    await _export(service, kari, root)
    below = exporting.records(root, "events")[1]["ref"]
    _edit(root, "events", {"parent_event": below})
    stranger = await service.user("stranger")
    await _import(service, stranger, root)
    tree = (await stranger.get("events/tree")).json()
    assert tree["total_events"] == 2
    assert [len(event["children"]) for event in tree["events"]] == [1], "one hangs below the other, and not both"
