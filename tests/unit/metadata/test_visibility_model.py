"""Whatever people do with photos, spaces and links: every way to read agrees with a model of forty lines.

Each route of the OpenAPI document that reads has a place here: it is compared with the model (`_Looks`), or asked as
everybody and must name no photo that they do not see (`_fill` knows its parameters), or left out for a reason.
"""

import asyncio
import os
import re
import struct
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings, strategies
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from metadata_service.doctor import examine
from metadata_service.settings import Settings
from tests.support.eggs import jpeg
from tests.support.metadata import MetadataService, Person, running_metadata
from tests.support.sharing_model import Name, World

# Quickly and always the same, unless more examples are wanted: then others each time, and a failure is made small.
_IS_QUICK = "IMALINK_MODEL_EXAMPLES" not in os.environ
_EXAMPLES = int(os.environ.get("IMALINK_MODEL_EXAMPLES", "4"))
_STEPS = int(os.environ.get("IMALINK_MODEL_STEPS", "16"))
_HANDS = 8
"""Pairs of a route and a viewer are dealt to so many steps: after each, some are asked, and at the end all are."""
_PEOPLE = ("kari", "ola", "siri")
_KINDS = ("photos", "album", "filter")
_ENDED = {404, 429}  # who asks often for links that are not there is slowed down
_LEVELS = ("private", "space", "authenticated", "public")
_ENDLESS = {"/api/v1/import-sessions/{import_id}/events", "/api/v1/photos/jobs/events"}
_DAY = "/api/v1/photos/timeline/year/{year}/month/{month}/day/{day}"
_TIMES = {"year": "2024", "month": "4", "day": "2", "hour": "14", "first": "-9000000000000", "end": "9000000000000"}
# Things that nobody has: of these routes each tells its caller of their own alone, and has its own tests.
_NOBODYS = ("image_id", "import_id", "stack_id", "author_id", "story_id", "search_id", "batch_id", "job_id")
_NOBODYS += ("upload_id", "place_id", "run_id", "user_id", "key_id", "session_id", "tag_id", "export_id", "merge_id")
_QUERIES = {"/api/v1/photos/map/clusters": "bbox=-180,-85,180,85&zoom=0", "/api/v1/tags/autocomplete": "q=x"}


class _Looks:
    """What one person is shown, way by way, as sets of photos."""

    def __init__(self, machine: "SharingMachine", who: Name) -> None:
        self.machine, self.world, self.who = machine, machine.world, who
        self.person = machine.people[who]
        self.seen = self.world.seen(who)

    def ways(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """The routes whose answers are compared with the model."""
        periods = {
            "/api/v1/photos/timeline/year/{year}/photos": lambda: self._list("timeline/year/2024/photos"),
            "/api/v1/photos/timeline/year/{year}/month/{month}/photos": lambda: self._list(
                "timeline/year/2024/month/4/photos"
            ),
            f"{_DAY}/photos": lambda: self._list("timeline/year/2024/month/4/day/2/photos", day=2),
            f"{_DAY}/hour/{{hour}}/photos": lambda: self._list(
                "timeline/year/2024/month/4/day/2/hour/14/photos", day=2
            ),
        }
        return periods | {
            "/api/v1/photos": self._photos,
            "/api/v1/photos/search": self._search,
            "/api/v1/photo-searches/ad-hoc": self._ad_hoc,
            "/api/v1/photos/{ref}": self._one,
            "/api/v1/photos/{ref}/hotpreview": self._small,
            "/api/v1/photos/{ref}/coldpreview": self._large,
            "/api/v1/photos/hotpreviews": self._packed,
            "/api/v1/photos/trash": self._trash,
            "/api/v1/timeline": self._timeline,
            "/api/v1/timeline/segments": self._layout,
            "/api/v1/timeline/segments/{first}/{end}": self._segment,
            "/api/v1/photos/map/clusters": self._map,
            "/api/v1/collections/{collection_id}/photos": lambda: self._grouped("collections", self.machine.albums),
            "/api/v1/events/{event_id}/photos": lambda: self._grouped("events", self.machine.events),
            "/api/v1/spaces": self._spaces,
            "/api/v1/spaces/{space_id}": self._space,
            "/api/v1/spaces/{space_id}/members": self._members,
            "/api/v1/share-links": self._links,
            "/api/v1/share-links/{link_id}/photos": self._link,
            "/api/v1/shared/{token}/photos": self._shared,
            "/api/v1/shared/{token}/photos/{photo_id}": self._shared_one,
        }

    async def _get(self, path: str, **options: Any) -> Any:
        answer = await self.person.get(path, **options)
        assert answer.status_code == 200, (self.who, path, answer.text)
        assert "public" not in answer.headers.get("cache-control", ""), path
        return answer.json()

    async def _list(self, path: str, day: int | None = None) -> None:
        page = await self._get(f"photos/{path}")
        expected = {photo for photo in self.seen if day is None or self.machine.day[photo] == day}
        assert [photo["id"] for photo in page["data"]] == self.machine.newest_first(expected), (self.who, path)

    async def _photos(self) -> None:
        for query in ("?offset=0", "?sort_by=rating", "?sort_by=created&limit=100", "?rating_min=0&rating_max=5"):
            page = await self._get(f"photos{query}")
            assert {photo["id"] for photo in page["data"]} == self.seen, (self.who, query)
            assert page["meta"]["total"] in {None, len(self.seen)}
        for level in _LEVELS:
            page = await self._get(f"photos?visibility={level}")
            expected = {photo for photo in self.seen if self.world.level[photo] == level}
            assert [photo["id"] for photo in page["data"]] == self.machine.newest_first(expected), (self.who, level)
        for space in self.world.held:
            page = await self._get(f"photos?space_id={space}")
            expected = self.seen & self.world.held[space] if self.who in self.world.members[space] else set()
            assert [photo["id"] for photo in page["data"]] == self.machine.newest_first(expected), (self.who, space)

    async def _search(self) -> None:
        answer = await self.person.post("photos/search", json={"query": "fjord"})
        assert {photo["id"] for photo in answer.json()["data"]} == self.seen, self.who

    async def _ad_hoc(self) -> None:
        answer = await self.person.post("photo-searches/ad-hoc", json={"query": "fjord", "camera_make": "Canon"})
        assert {photo["id"] for photo in answer.json()["data"]} == self.seen, self.who

    async def _one(self) -> None:
        fake = (await self.person.get("photos/99999999")).json()
        for photo in self.world.owner:
            answer = await self.person.get(f"photos/{photo}")
            assert answer.status_code == (200 if photo in self.seen else 404), (self.who, photo)
            if photo not in self.seen:
                assert {**answer.json(), "instance": 0, "request_id": 0} == {**fake, "instance": 0, "request_id": 0}

    async def _small(self) -> None:
        await self._picture("hotpreview", self.seen | self._thrown_away())

    async def _large(self) -> None:
        await self._picture("coldpreview", self.seen)

    async def _picture(self, name: str, expected: set[int]) -> None:
        photo = self.machine.turn
        answer = await self.person.get(f"photos/{photo}/{name}")
        assert answer.status_code == (200 if photo in expected else 404), (self.who, photo, name)
        is_public = self.world.level[photo] == "public" and photo not in self.world.trash
        if answer.status_code == 200:
            assert answer.headers["cache-control"].startswith("public" if is_public else "private"), photo

    def _thrown_away(self) -> set[int]:
        return {photo for photo in self.world.trash if self.world.owner[photo] == self.who}

    async def _packed(self) -> None:
        ids = list(self.world.owner)
        packed = (await self.person.get(f"photos/hotpreviews?ids={','.join(map(str, ids))}")).content
        lengths = struct.unpack(f"<{len(ids)}I", packed[: 4 * len(ids)])
        shown = {photo for photo, length in zip(ids, lengths, strict=True) if length}
        assert shown == self.seen | self._thrown_away(), self.who

    async def _trash(self) -> None:
        if self.who is not None:
            assert {photo["id"] for photo in (await self._get("photos/trash"))["data"]} == self._thrown_away()

    async def _timeline(self) -> None:
        for granularity in ("year", "month", "day"):
            page = await self._get(f"timeline?granularity={granularity}")
            assert page["meta"]["total_photos"] == len(self.seen), (self.who, granularity)
            assert {period["preview_photo_id"] for period in page["data"]} <= self.seen
        hours = await self._get("timeline?granularity=hour&year=2024&month=4&day=2")
        assert hours["meta"]["total_photos"] == sum(self.machine.day[photo] == 2 for photo in self.seen)
        own = await self._get("timeline?owner=me")
        assert own["meta"]["total_photos"] == len(self.world.own(self.who))

    async def _layout(self) -> None:
        assert sum((await self._get("timeline/segments"))["data"]["count"]) == len(self.seen), self.who

    async def _segment(self) -> None:
        answer = await self.person.get(f"timeline/segments/{_TIMES['first']}/{_TIMES['end']}")
        assert answer.json()["data"]["id"] == self.machine.newest_first(self.seen), self.who
        known = {"If-None-Match": answer.headers["etag"]}
        again = await self.person.get(f"timeline/segments/{_TIMES['first']}/{_TIMES['end']}", headers=known)
        assert again.status_code == 304

    async def _map(self) -> None:
        total = (await self._get(f"photos/map/clusters?{_QUERIES['/api/v1/photos/map/clusters']}"))["meta"][
            "total_photos"
        ]
        assert total == len(self.seen), self.who

    async def _grouped(self, kind: str, groups: dict[str, int]) -> None:
        for owner, number in groups.items():
            answer = await self.person.get(f"{kind}/{number}/photos")
            if owner != self.who:
                assert answer.status_code in {401, 404}, (self.who, kind)
                continue
            body = answer.json()
            shown = {photo["id"] for photo in (body if isinstance(body, list) else body["data"])}
            assert shown == self.world.own(owner), (self.who, kind)

    async def _spaces(self) -> None:
        if self.who is not None:
            shown = {space["id"]: space["photo_count"] for space in (await self._get("spaces"))["data"]}
            hidden = self.world.trash | {photo for photo, level in self.world.level.items() if level == "private"}
            held = {space: len(photos - hidden) for space, photos in self.world.held.items()}
            assert shown == {space: held[space] for space in held if self.who in self.world.members[space]}, self.who

    async def _space(self) -> None:
        await self._of_spaces("")

    async def _members(self) -> None:
        await self._of_spaces("/members")

    async def _of_spaces(self, path: str) -> None:
        for space, members in self.world.members.items():
            answer = await self.person.get(f"spaces/{space}{path}")
            assert answer.status_code == (200 if self.who in members else 401 if self.who is None else 404)
            if path and self.who in members:
                assert {one["username"]: one["role"] for one in answer.json()["data"]} == members

    async def _links(self) -> None:
        if self.who is not None:
            shown = {link["id"] for link in (await self._get("share-links"))["data"] if not link["revoked_at"]}
            assert shown == {link for link, (owner, _) in self.world.links.items() if owner == self.who}

    async def _link(self) -> None:
        for link, (owner, _) in self.world.links.items():
            answer = await self.person.get(f"share-links/{link}/photos")
            if self.who == owner:
                assert {photo["id"] for photo in answer.json()["data"]} == self.world.linked(link)
            else:
                assert answer.status_code == (401 if self.who is None else 404)

    async def _shared(self) -> None:
        for link, (token, access) in self.machine.tokens.items():
            answer = await self.person.get(f"shared/{token}/photos", headers={"X-Link-Access": access})
            assert answer.status_code in ({200} if link in self.world.links else _ENDED)
            if answer.status_code == 200:
                assert {photo["id"] for photo in answer.json()["data"]} == self.world.linked(link)

    async def _shared_one(self) -> None:
        for link, (token, access) in self.machine.tokens.items():
            headers = {"X-Link-Access": access}
            shown = self.world.linked(link) if link in self.world.links else set()
            for path in ("", "/hotpreview", "/coldpreview"):
                photo = self.machine.turn
                answer = await self.person.get(f"shared/{token}/photos/{photo}{path}", headers=headers)
                unseen = {404} if link in self.world.links else _ENDED
                assert answer.status_code in ({200} if photo in shown else unseen), (link, photo)
                assert not answer.headers.get("cache-control", "").startswith("public")


class SharingMachine(RuleBasedStateMachine):
    """People who keep, share, group, link and throw away photos."""

    runner: ClassVar[asyncio.Runner]
    service: ClassVar[MetadataService]
    document: ClassVar[dict[str, Any]]
    checked: ClassVar[set[tuple[str, Name]]] = set()

    @initialize()
    def begin(self) -> None:
        self.world, self.steps = World(), 0
        self.day: dict[int, int] = {}
        self.hothash: dict[int, str] = {}
        self.tokens: dict[int, tuple[str, str]] = {}
        self.albums: dict[str, int] = {}
        self.events: dict[str, int] = {}
        self.runner.run(self._begin())
        # Most of what can go wrong needs a space, a member and a link: no example begins without.
        for who, other, level, kind in zip(_PEOPLE, ("ola", "siri", "kari"), _LEVELS[1:], _KINDS, strict=True):
            self._make_space(who, other)
            last = max(self.world.own(who))
            self.runner.run(self._ask(who, "PATCH", f"photos/{last}", {"visibility": level}))
            self.world.level[last] = level
            self._make_link(who, kind)
        self._make_space("kari", "ola")  # what lies in two spaces of one person counts once

    async def _begin(self) -> None:
        async with self.service.database.writing() as session:
            await session.execute(text("DELETE FROM users"))
            for summary in ("photo_days", "shared_days", "space_days", "photo_spaces"):
                assert await session.scalar(text(f"SELECT count(*) FROM {summary}")) == 0, summary
        self.people: dict[Name, Person] = {name: await self.service.user(name) for name in _PEOPLE}
        self.people[None] = self.service.anyone()
        for number, name in enumerate(_PEOPLE * 2, start=1):
            person = self.people[name]
            # Ola has a photo that Kari has too: a hothash alone tells nobody's photo apart.
            seed = 1 if number == 2 else number
            kept = await person.keep(seed, title="Fjord", coldpreview=jpeg(seed + 50, size=(600, 400)))
            self.day[kept["id"]] = 1 + seed
            self.hothash[kept["id"]] = kept["hothash"]
            self.world.owner[kept["id"]], self.world.level[kept["id"]] = name, "private"
            self.world.rating[kept["id"]] = 0
        for name in _PEOPLE:
            hothashes = [self.hothash[photo] for photo in self.world.own(name)]
            made = await self.people[name].post("collections", json={"name": "A", "hothashes": hothashes})
            self.albums[name] = made.json()["id"]
            self.events[name] = (await self.people[name].post("events", json={"name": "E"})).json()["id"]
            for photo in self.world.own(name):
                await self._ask(name, "PUT", f"photos/{photo}/event", {"event_id": self.events[name]})

    async def _ask(self, who: Name, method: str, path: str, body: Any = None, *, status: int = 200) -> Any:
        answer = await self.people[who].request(method, path, json=body)
        assert answer.status_code == status, (who, method, path, answer.text)
        return answer.json()

    def newest_first(self, photos: set[int]) -> list[int]:
        """As lists order them: by time, then by number."""
        return sorted(photos, key=lambda photo: (self.day[photo], photo), reverse=True)

    def _photo(self, number: int) -> int:
        """Often one that lies in a space, for there most can go wrong."""
        held = sorted(set().union(*self.world.held.values())) if number % 2 else []
        photos = held or list(self.world.owner)
        return photos[number // 2 % len(photos)]

    @property
    def turn(self) -> int:
        """The photo that is looked at alone after this step."""
        return list(self.world.owner)[self.steps % len(self.world.owner)]

    def _space(self, number: int) -> int:
        return list(self.world.members)[number % len(self.world.members)]

    _numbers = strategies.integers(0, 11)

    @rule(number=_numbers, level=strategies.sampled_from(_LEVELS), in_bulk=strategies.booleans())
    def share(self, number: int, level: str, in_bulk: bool) -> None:
        photo = self._photo(number)
        if photo in self.world.trash:
            return
        owner = self.world.owner[photo]
        photos = self.world.own(owner) if in_bulk else {photo}
        body = {"ids": list(photos), "change": {"visibility": level}}
        path = "photos/bulk" if in_bulk else f"photos/{photo}"
        self.runner.run(self._ask(owner, "PATCH", path, body if in_bulk else body["change"]))
        self.world.level.update(dict.fromkeys(photos, level))

    @precondition(lambda self: len(self.world.members) < 5)
    @rule(who=strategies.sampled_from(_PEOPLE), other=strategies.sampled_from(_PEOPLE))
    def make_space(self, who: str, other: str) -> None:
        self._make_space(who, other)

    def _make_space(self, who: str, other: str) -> None:
        space = self.runner.run(self._ask(who, "POST", "spaces", {"name": "S"}, status=201))["id"]
        self.world.members[space], self.world.held[space] = {who: "owner"}, set()
        self._join(space, other, "editor")
        for photo in sorted(self.world.own(who))[:1]:
            self._put(space, photo)

    @precondition(lambda self: self.world.members)
    @rule(number=_numbers, who=strategies.sampled_from(_PEOPLE), role=strategies.sampled_from(("viewer", "editor")))
    def join(self, number: int, who: str, role: str) -> None:
        self._join(self._space(number), who, role)

    def _join(self, space: int, who: str, role: str) -> None:
        if who in self.world.members[space]:
            return
        owner = next(name for name, held in self.world.members[space].items() if held == "owner")
        invite = self.runner.run(self._ask(owner, "POST", f"spaces/{space}/invites", {"role": role}, status=201))
        self.runner.run(self._ask(who, "POST", "space-invites/accept", {"token": invite["token"]}))
        self.world.members[space][who] = role

    @precondition(lambda self: self.world.members)
    @rule(number=_numbers, who=strategies.sampled_from(_PEOPLE), by_owner=strategies.booleans())
    def leave(self, number: int, who: str, by_owner: bool) -> None:
        space = self._space(number)
        members = self.world.members[space]
        if members.get(who) in {None, "owner"}:
            return
        owner = next(name for name, role in members.items() if role == "owner")
        number = self.people[who].user["id"]
        path = f"spaces/{space}/members/{number}" if by_owner else f"spaces/{space}/leave"
        self.runner.run(self._ask(owner if by_owner else who, "DELETE" if by_owner else "POST", path))
        del members[who]
        self.world.held[space] -= {photo for photo, name in self.world.owner.items() if name == who}

    @precondition(lambda self: self.world.members)
    @rule(number=_numbers, photo=_numbers)
    def put(self, number: int, photo: int) -> None:
        self._put(self._space(number), self._photo(photo))

    def _put(self, space: int, photo: int) -> None:
        owner = self.world.owner[photo]
        role = self.world.members[space].get(owner)
        status = {None: 404, "viewer": 403}.get(role, 200)
        self.runner.run(self._ask(owner, "POST", f"spaces/{space}/photos", {"ids": [photo]}, status=status))
        if status != 200 or photo in self.world.trash:
            return
        if self.world.level[photo] == "private":
            self.world.level[photo] = "space"
            for held in self.world.held.values():
                held.discard(photo)
        self.world.held[space].add(photo)

    @precondition(lambda self: self.world.members)
    @rule(number=_numbers, photo=_numbers)
    def take(self, number: int, photo: int) -> None:
        space, photo = self._space(number), self._photo(photo)
        owner = self.world.owner[photo]
        status = 200 if owner in self.world.members[space] else 404
        self.runner.run(self._ask(owner, "DELETE", f"spaces/{space}/photos", {"ids": [photo]}, status=status))
        if status == 200:
            self.world.held[space].discard(photo)

    @precondition(lambda self: len(self.world.members) > 2)
    @rule(number=_numbers)
    def close_space(self, number: int) -> None:
        space = self._space(number)
        owner = next(name for name, role in self.world.members[space].items() if role == "owner")
        self.runner.run(self._ask(owner, "DELETE", f"spaces/{space}"))
        del self.world.members[space], self.world.held[space]

    @rule(number=_numbers)
    def throw_away_or_bring_back(self, number: int) -> None:
        photo = self._photo(number)
        if photo in self.world.trash:
            self.runner.run(self._ask(self.world.owner[photo], "POST", f"photos/{photo}/restore", {}))
        else:
            self.runner.run(self._ask(self.world.owner[photo], "DELETE", f"photos/{photo}"))
        self.world.trash ^= {photo}

    @rule(number=_numbers, stars=strategies.integers(0, 5))
    def rate(self, number: int, stars: int) -> None:
        photo = self._photo(number)
        if photo not in self.world.trash:
            self.runner.run(self._ask(self.world.owner[photo], "PATCH", f"photos/{photo}", {"rating": stars}))
            self.world.rating[photo] = stars

    @precondition(lambda self: len(self.world.links) < 5)
    @rule(who=strategies.sampled_from(_PEOPLE), kind=strategies.sampled_from(_KINDS))
    def link(self, who: str, kind: str) -> None:
        self._make_link(who, kind)

    def _make_link(self, who: str, kind: str) -> None:
        live = self.world.own(who)
        if not live:
            return
        chosen = {"photos": {min(live)}, "album": {p for p, o in self.world.owner.items() if o == who}, "filter": None}
        body: dict[str, Any] = {"photo_ids": [min(live)]}
        if kind != "photos":
            body = {"collection_id": self.albums[who]} if kind == "album" else {"criteria": {"rating_min": 4}}
        made = self.runner.run(self._ask(who, "POST", "share-links", body, status=201))
        access = self.runner.run(self._ask(None, "POST", f"shared/{made['token']}/open", {}))["access"]
        self.world.links[made["id"]] = (who, chosen[kind])
        self.tokens[made["id"]] = (made["token"], access)

    @precondition(lambda self: self.world.links)
    @rule(number=_numbers)
    def revoke(self, number: int) -> None:
        link = list(self.world.links)[number % len(self.world.links)]
        self.runner.run(self._ask(self.world.links[link][0], "POST", f"share-links/{link}/revoke"))
        del self.world.links[link]

    @invariant()
    def every_way_to_read_agrees(self) -> None:
        if not hasattr(self, "people"):
            return
        self.steps += 1
        self.runner.run(self._check(self.steps % _HANDS))

    def teardown(self) -> None:
        """Look once more, at what all of it came to."""
        if hasattr(self, "people"):
            self.runner.run(self._check(None))
            assert self.runner.run(examine(self.service.database, repair=False)) == []

    async def _check(self, hand: int | None) -> None:
        """Ask what is dealt to one step; or all, and what is not compared with the model besides."""
        for seat, who in enumerate((*_PEOPLE, None)):
            for number, (path, ask) in enumerate(_Looks(self, who).ways().items()):
                if hand in {None, (number + seat) % _HANDS}:
                    self.people[who].cookies.clear()
                    await ask()
                    self.checked.add((path, who))
            if hand is None:
                await self._look_elsewhere(who)

    async def _look_elsewhere(self, who: Name) -> None:
        compared = _Looks(self, who).ways()
        for path, methods in self.document["paths"].items():
            if "get" in methods and path not in {*compared, *_ENDLESS} and self._is_asked(path, who):
                self.people[who].cookies.clear()
                await self._names_nothing_unseen(path, who)
                self.checked.add((path, who))

    def _is_asked(self, path: str, who: Name) -> bool:
        """What is not compared is asked as one person after the other, and as anyone."""
        asked: list[Name] = [*_PEOPLE, None]
        return asked[(self.steps + len(path)) % len(asked)] == who or (path, who) not in self.checked

    async def _names_nothing_unseen(self, path: str, who: Name) -> None:
        answer = await self.people[who].get(f"http://testserver{self._fill(path)}?{_QUERIES.get(path, '')}")
        assert answer.status_code < 500, (path, answer.text)
        seen = {self.hothash[photo] for photo in self.world.seen(who)}
        seen |= {self.hothash[photo] for photo, owner in self.world.owner.items() if owner == who}
        for hothash in set(self.hothash.values()) - seen:
            assert hothash not in answer.text, (path, who)

    def _fill(self, path: str) -> str:
        """Name a thing for every parameter; one that is not known here is a route without a place in this test."""
        known = _TIMES | dict.fromkeys(_NOBODYS, "1") | {"key": "x", "number": "1", "position": "0"}
        known |= {"ref": str(self.turn), "photo_id": str(self.turn), "audience": "public", "name": "fjord"}
        known |= {"token": next((token for token, _ in self.tokens.values()), "x"), "hothash": self.hothash[self.turn]}
        known |= {"collection_id": str(self.albums["kari"]), "event_id": str(self.events["kari"])}
        known |= {"space_id": str(next(iter(self.world.members), 1)), "link_id": str(next(iter(self.tokens), 1))}
        known |= {"invitation_id": "1", "invite_id": "1"}
        missing = {name.partition(":")[0] for name in re.findall(r"{([^}]+)", path)} - known.keys()
        assert not missing, f"{path}: give it a place in this test"
        return re.sub(r"{([^}:]+)[^}]*}", lambda found: known[found[1]], path)


def test_every_way_to_read_agrees_with_the_model(settings_of_model: Settings) -> None:
    with asyncio.Runner() as runner:
        SharingMachine.runner = runner
        stack = AsyncExitStack()
        SharingMachine.service = runner.run(stack.enter_async_context(running_metadata(settings_of_model)))
        SharingMachine.document = SharingMachine.service.app.openapi()
        SharingMachine.checked = set()
        try:
            run_state_machine_as_test(
                SharingMachine,
                settings=settings(
                    max_examples=_EXAMPLES,
                    stateful_step_count=_STEPS,
                    deadline=None,
                    database=None,
                    phases=(Phase.generate,) if _IS_QUICK else tuple(Phase),
                    derandomize=_IS_QUICK,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(stack.aclose())
        sys.stdout.write(f"{len(SharingMachine.checked)} pairs of a route and a viewer\n")


@pytest.fixture
def settings_of_model(settings: Settings) -> Settings:
    """The settings of a service, under a name that Hypothesis does not have too."""
    return settings
