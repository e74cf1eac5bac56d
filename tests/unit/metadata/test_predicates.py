"""The predicate as SQL, checked in for every kind of viewer, and the plans by which spaces are read."""

import os
import re
from pathlib import Path

import pytest
from sqlalchemy.dialects import postgresql

from metadata_service.tables import PhotoSpace, Space, SpaceMember
from metadata_service.visibility import Eyes, Look, Viewer, Visibility, by_spaces, look_arms, stories_visible_to
from tests.support.library import fill, photos
from tests.support.metadata import MetadataService, Person
from tests.unit.metadata.test_plans import _plans

_SNAPSHOT = Path(__file__).resolve().with_name("visibility.sql")
_LOOKS = {
    "anyone": Look(Viewer(None)),
    "a user": Look(Viewer(7)),
    "a user, their own": Look(Viewer(7), mine=True),
    "a user, their own, by a filter": Look(Viewer(7), mine=True),
    **{f"a user, {level.word}": Look(Viewer(7), level=level) for level in Visibility},
    "an owner as anonymous": Look(Viewer(None, Eyes(7, "anonymous"))),
    "an owner as another user": Look(Viewer(None, Eyes(7, "user", 8))),
    "an owner as a member of a space": Look(Viewer(None, Eyes(7, "space", 3))),
    "a visitor of a link, an owner as one": Look(Viewer(None, Eyes(7, "link", 5))),
}


def test_the_predicate_of_every_viewer_is_the_one_that_was_read_and_agreed_to() -> None:
    """Set IMALINK_WRITE_SNAPSHOTS=1 to write it anew, then read what changed."""
    parts = []
    for name, look in _LOOKS.items():
        arms = look_arms(look, faceted=name.endswith("filter"))
        parts.append("\n".join([f"-- {name}", *(f"   {_sql(arm)}" for arm in arms)]))
    parts.append(f"-- what spaces show, by photo_spaces\n   {_sql(by_spaces(Viewer(7)))}")
    readers = ("anyone", "a user", "an owner as anonymous", "a visitor of a link, an owner as one")
    parts += [f"-- stories: {name}\n   {_sql(stories_visible_to(_LOOKS[name].viewer))}" for name in readers]
    found = "\n\n".join(parts) + "\n"
    if os.environ.get("IMALINK_WRITE_SNAPSHOTS"):
        _SNAPSHOT.write_text(found)
    assert found == _SNAPSHOT.read_text()


def _sql(condition: object) -> str:
    compiled = condition.compile(  # type: ignore[attr-defined]
        dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}
    )
    return " ".join(str(compiled).split())


@pytest.fixture
async def member(service: MetadataService, kari: Person, ola: Person) -> Person:
    """Somebody who is shown some photos by two spaces."""
    async with service.database.writing() as session:
        owner_id = kari.user["id"]
        rows = list(photos(owner_id, 120))
        ids = await fill(session, [row | {"visibility": 1} for row in rows])
        for number in (1, 2):
            session.add(Space(id=number, owner_id=owner_id, name="S"))
            await session.flush()
            session.add(SpaceMember(space_id=number, user_id=ola.user["id"], role=0))
            for photo_id, row in zip(ids[::number], rows[::number], strict=True):
                copied = {name: row[name] for name in ("owner_id", "sort_ts", "rating")}
                session.add(PhotoSpace(space_id=number, photo_id=photo_id, day=1, is_shown=True, **copied))
    return ola


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("photos?limit=20", "ix_photo_spaces_shown"),
        ("photos?limit=20&sort_by=rating", "ix_photo_spaces_shown_rating"),
        ("photos?limit=20&rating_min=5", "ix_photo_spaces_shown_rating"),
        ("photos?limit=20&sort_by=created", "ix_photo_spaces_shown_arrival"),
        ("photos?limit=20&space_id=1", "ix_photo_spaces_newest"),
        ("timeline?granularity=month", "ix_photo_spaces_shown"),
    ],
)
async def test_what_spaces_show_is_found_by_an_index(
    service: MetadataService, member: Person, query: str, index: str
) -> None:
    await member.get("photos")
    count, plan = await _plans(service, lambda: member.get(query))
    assert count <= 5
    assert re.search(rf"\b{index}\b", plan), plan
    assert not re.search("SCAN photos(?! USING INDEX)", plan), plan
    assert "Seq Scan on photos " not in plan
