"""Preview bytes: the right ones, cached as they may be, replaced and removed without a trace."""

import struct

import pytest

from tests.support.eggs import egg, jpeg
from tests.support.metadata import MetadataService, Person


async def test_the_hotpreview_is_the_very_bytes_that_the_hothash_names(kari: Person) -> None:
    photo = await kari.keep(1)
    answer = await kari.get(f"photos/{photo['id']}/hotpreview")
    assert answer.content == jpeg(1)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["etag"] == f'"{photo["hothash"]}"'
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("visibility", "cached"),
    [
        ("private", "private, max-age=31536000, immutable"),
        ("authenticated", "private, max-age=31536000, immutable"),
        ("public", "public, max-age=3600, immutable"),
    ],
)
async def test_only_a_public_picture_may_sit_in_a_shared_cache(kari: Person, visibility: str, cached: str) -> None:
    photo = await kari.keep(1, visibility=visibility)
    answer = await kari.get(f"photos/{photo['id']}/hotpreview")
    assert answer.headers["cache-control"] == cached
    assert answer.headers["vary"].startswith("Authorization, Cookie")


@pytest.mark.parametrize("kind", ["hotpreview", "coldpreview"])
async def test_who_has_the_picture_gets_304_and_who_may_not_see_it_does_not(
    kari: Person, ola: Person, kind: str
) -> None:
    photo = await kari.keep(1, coldpreview=jpeg(2, size=(600, 400)))
    path = f"photos/{photo['id']}/{kind}"
    etag = (await kari.get(path)).headers["etag"]
    for tags in (etag, f"W/{etag}", f'"other", {etag}'):
        answer = await kari.get(path, headers={"If-None-Match": tags})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)
    assert (await kari.get(path, headers={"If-None-Match": '"other"'})).status_code == 200
    assert (await ola.get(path, headers={"If-None-Match": etag})).status_code == 404


async def test_a_coldpreview_is_put_replaced_and_removed_with_its_file(service: MetadataService, kari: Person) -> None:
    photo = await kari.keep(1)
    path = f"photos/{photo['hothash']}/coldpreview"
    for seed in (5, 6):
        picture = jpeg(seed, size=(900, 600))
        answer = await kari.put(path, files={"file": ("cold.jpg", picture, "image/jpeg")})
        assert answer.status_code == 200
        assert (answer.json()["width"], answer.json()["height"], answer.json()["size"]) == (900, 600, len(picture))
        assert (await kari.get(path)).content == picture
        assert len(_files(service)) == 1
    assert (await kari.get(f"photos/{photo['id']}")).json()["coldpreview_width"] == 900
    assert (await kari.delete(path)).status_code == 200
    assert _files(service) == []
    assert (await kari.get(path)).json()["type"] == "no-coldpreview"
    assert (await kari.delete(path)).json()["type"] == "no-coldpreview"


async def test_an_egg_with_a_coldpreview_keeps_it_outside_the_database(service: MetadataService, kari: Person) -> None:
    cold = jpeg(9, size=(1920, 1280))
    photo = await kari.keep(1, coldpreview=cold)
    assert (await kari.get(f"photos/{photo['id']}/coldpreview")).content == cold
    again = await kari.post("photos/photoegg", json=egg(1, coldpreview=cold))
    assert again.status_code == 200
    assert len(_files(service)) == 1


@pytest.mark.parametrize(
    ("name", "picture"),
    [
        ("HTML", b"<html><script>alert(1)</script>"),
        ("PNG", b"\x89PNG\r\n\x1a\n" + b"\0" * 64),
        ("cut off", jpeg(1)[:-40]),
        ("something behind the picture", jpeg(1) + b"<script>"),
        ("metadata inside", jpeg(1, exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0")),
        ("too many pixels a side", jpeg(1, size=(9000, 8))),
        ("nothing", b""),
    ],
)
async def test_what_is_no_plain_jpeg_is_refused_and_the_old_picture_stays(
    service: MetadataService, kari: Person, name: str, picture: bytes
) -> None:
    cold = jpeg(9, size=(600, 400))
    photo = await kari.keep(1, coldpreview=cold)
    answer = await kari.put(f"photos/{photo['id']}/coldpreview", files={"file": ("x.jpg", picture)})
    assert (answer.status_code, answer.json()["type"]) == (422, "preview-refused"), name
    assert (await kari.get(f"photos/{photo['id']}/coldpreview")).content == cold
    assert len(_files(service)) == 1


def _files(service: MetadataService) -> list[str]:
    return [path.name for path in service.app.state.blobs.root.rglob("*") if path.is_file()]


def _unpacked(packed: bytes, count: int) -> list[bytes]:
    lengths = struct.unpack(f"<{count}I", packed[: 4 * count])
    pictures, at = [], 4 * count
    for length in lengths:
        pictures.append(packed[at : at + length])
        at += length
    assert at == len(packed)
    return pictures


async def test_many_hotpreviews_come_in_one_answer_in_the_order_they_were_asked_for(
    kari: Person, ola: Person, anyone: Person
) -> None:
    private, public = await kari.keep(1), await kari.keep(2, visibility="public")
    ids = [public["id"], 999_999, private["id"], public["id"]]
    path = f"photos/hotpreviews?ids={','.join(map(str, ids))}"
    mine = await kari.get(path)
    assert mine.headers["content-type"] == "application/vnd.imalink.hotpreviews"
    assert _unpacked(mine.content, 4) == [jpeg(2), b"", jpeg(1), jpeg(2)]
    for stranger in (ola, anyone):
        answer = await stranger.get(path)
        assert _unpacked(answer.content, 4) == [jpeg(2), b"", b"", jpeg(2)]
        assert answer.headers["etag"] != mine.headers["etag"]
    again = await kari.get(path, headers={"If-None-Match": mine.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (await ola.get(path, headers={"If-None-Match": mine.headers["etag"]})).status_code == 200


@pytest.mark.parametrize("ids", ["", "1,", "a", "-1", "1;2", "1" * 19, ",".join(["1"] * 201), "1,\u0661"])
async def test_a_list_of_ids_that_is_none_is_refused(kari: Person, ids: str) -> None:
    answer = await kari.get("photos/hotpreviews", params={"ids": ids})
    assert (answer.status_code, answer.json()["type"]) == (422, "invalid-request")
