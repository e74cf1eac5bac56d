"""Where in words: the atlas itself, and photos that came before there was one."""

import asyncio
import sys

import pytest
from sqlalchemy import text, update

from metadata_service.corrections.naming import name_places
from metadata_service.doctor import examine
from metadata_service.geocoding import names
from metadata_service.geocoding.countries import country_of
from metadata_service.settings import Settings
from metadata_service.tables import Photo
from tests.support.metadata import MetadataService, Person


@pytest.mark.parametrize(
    ("latitude", "longitude", "city", "country_code"),
    [
        (59.9139, 10.7522, "Oslo", "NO"),
        (69.65, 18.96, "Tromsø", "NO"),
        (-33.86, 151.2, "Sydney", "AU"),
        (40.735, -74.172, "Newark", "US"),
        (78.22, 15.65, "Longyearbyen", "SJ"),
        (-16.8, -179.99, None, "FJ"),
        (-16.8, 179.99, None, "FJ"),
        (0.0, 0.0, None, None),
        (90.0, 0.0, None, None),
        (-90.0, 180.0, None, None),
        (90.0, -180.0, None, None),
    ],
)
async def test_a_point_is_named_by_the_nearest_city_that_counts(
    latitude: float, longitude: float, city: str | None, country_code: str | None
) -> None:
    (found,) = await names([(latitude, longitude)])
    assert (found.city, found.country_code) == (city, country_code)


async def test_points_without_a_place_have_no_name_and_need_no_atlas() -> None:
    assert [name.city for name in await names([(None, None), (59.9, None)])] == [None, None]


def test_a_country_is_meant_by_its_letters_or_its_name() -> None:
    assert [country_of(said) for said in ("no", "NO", "Norway", "Narnia")] == ["Norway", "Norway", "Norway", "Narnia"]


async def test_photos_that_came_before_are_named_by_a_command_that_may_be_called_twice(
    service: MetadataService, settings: Settings, kari: Person, ola: Person
) -> None:
    mine, theirs = await kari.keep(1), await ola.keep(2)
    at_sea = await kari.keep(3, metadata={"gps_latitude": -40.0, "gps_longitude": -120.0})
    async with service.database.writing() as session:
        await session.execute(update(Photo).values(city=None, region=None, country=None, country_code=None))
    url = service.database.url.render_as_string(hide_password=False)
    for said in ("2 photos were named.", "0 photos were named."):
        command = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "metadata_service", "places"),
            env={"METADATA_DATABASE_URL": url.replace("+aiosqlite", "").replace("+asyncpg", ""), "PATH": "/usr/bin"},
            cwd=__file__.partition("/tests/")[0],
            stdout=asyncio.subprocess.PIPE,
        )
        printed, _ = await command.communicate()
        assert (command.returncode, printed.decode().splitlines()[-1]) == (0, said)
    assert (await kari.get(f"photos/{mine['id']}")).json()["city"] == "Oslo"
    assert await ola.ids(query="oslo") == [theirs["id"]]
    assert (await kari.get(f"photos/{at_sea['id']}")).json()["country"] is None
    assert await name_places(service.database, lambda _seen, _named: None, anew=True) == 0
    assert await examine(service.database, repair=False) == []


@pytest.mark.parametrize(("asked", "index"), [("city", "ix_photos_city"), ("country", "ix_photos_country")])
async def test_photos_of_a_place_are_found_by_its_index(
    service: MetadataService, kari: Person, statements: list[str], asked: str, index: str
) -> None:
    await kari.keep(1)
    statements.clear()
    assert len(await kari.ids(**{asked: {"city": "Oslo", "country": "NO"}[asked], "owner": "me"})) == 1
    (listing,) = [statement for statement in statements if "LIMIT" in statement and f"photos.{asked} =" in statement]
    if service.database.is_sqlite:  # PostgreSQL chooses by how many photos the place has
        async with service.database.reading() as session:
            plan = await session.execute(text(f"EXPLAIN QUERY PLAN {listing.replace('?', '1')}"))
            assert index in str(plan.all())
