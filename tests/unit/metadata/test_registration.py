"""Who may make an account, under which name and password."""

import asyncio
import unicodedata
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

from metadata_service import migrations
from metadata_service.accounts.names import key_of
from metadata_service.accounts.password_rules import check_password
from metadata_service.db.engine import Database
from metadata_service.db.types import utc_now
from metadata_service.settings import Settings
from metadata_service.tables import Invite, User
from service_kit.errors import InvalidRequestError
from tests.support.metadata import PASSWORD, MetadataService, Person, running_metadata


def _registration(name: str, **more: Any) -> dict[str, Any]:
    return {"username": name, "email": f"{name}@example.org", "password": PASSWORD} | more


@pytest.fixture
async def by_invitation(settings: Settings) -> AsyncIterator[MetadataService]:
    settings.registration = "invite"
    async with running_metadata(settings) as running:
        yield running


async def _admin(service: MetadataService) -> Person:
    """The first account, made while registration was open."""
    service.app.state.settings.registration = "open"
    person = await service.user("kari")
    service.app.state.settings.registration = "invite"
    return person


async def test_the_first_account_administers_and_no_other_does(service: MetadataService) -> None:
    answers = await asyncio.gather(
        *(service.anyone().post("auth/register", json=_registration(f"user{number}")) for number in range(6))
    )
    assert [answer.status_code for answer in answers] == [201] * 6
    assert sum(answer.json()["is_admin"] for answer in answers) == 1


async def test_without_that_setting_nobody_becomes_administrator(service: MetadataService, settings: Settings) -> None:
    settings.first_user_is_admin = False
    assert (await service.anyone().post("auth/register", json=_registration("kari"))).json()["is_admin"] is False


async def test_nobody_registers_where_it_is_closed(service: MetadataService, settings: Settings) -> None:
    settings.registration = "closed"
    answer = await service.anyone().post("auth/register", json=_registration("kari"))
    assert (answer.status_code, answer.json()["type"]) == (403, "registration-closed")
    assert (await service.anyone().get("auth/register")).json()["registration"] == "closed"


async def test_an_invitation_lets_one_person_in_once(by_invitation: MetadataService) -> None:
    admin = await _admin(by_invitation)
    made = (await admin.post("admin/invites", json={"note": "for ola"})).json()
    anyone = by_invitation.anyone()
    for code in (None, "x", made["code"] + "x"):
        answer = await anyone.post("auth/register", json=_registration("ola", invite_code=code))
        assert (answer.status_code, answer.json()["type"]) == (403, "invite-needed")
    answers = await asyncio.gather(
        *(anyone.post("auth/register", json=_registration(name, invite_code=made["code"])) for name in ("ola", "per"))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 403]
    (listed,) = (await admin.get("admin/invites")).json()["data"]
    assert (listed["note"], "code" in listed) == ("for ola", False)
    assert listed["used_by"] is not None
    async with by_invitation.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(User)) == 2


async def test_a_withdrawn_and_an_expired_invitation_let_nobody_in(by_invitation: MetadataService) -> None:
    admin = await _admin(by_invitation)
    anyone = by_invitation.anyone()
    withdrawn = (await admin.post("admin/invites", json={})).json()
    assert (await admin.delete(f"admin/invites/{withdrawn['id']}")).status_code == 200
    assert (await admin.delete(f"admin/invites/{withdrawn['id']}")).json()["type"] == "invite-code-not-found"
    expired = (await admin.post("admin/invites", json={"days": 1})).json()
    async with by_invitation.database.writing() as session:
        await session.execute(update(Invite).values(expires_at=utc_now() - timedelta(seconds=1)))
    for made in (withdrawn, expired):
        answer = await anyone.post("auth/register", json=_registration("ola", invite_code=made["code"]))
        assert answer.status_code == 403


_NAMES = ("Kari.Nordmann", "kari@example.org")


@pytest.mark.parametrize(
    "password",
    [
        *("1234567", "password", "Passw0rd!", "p@ssword2024!!", "QWERTYUIOP", "aaaaaaaaaa", "ababababab"),
        *("kari.nordmann", "KARI@example.org", "iloveyou1"),
    ],
)
def test_what_is_short_and_what_everybody_tries_first_is_refused(password: str) -> None:
    with pytest.raises(InvalidRequestError):
        check_password(password, 8, *_NAMES)


@pytest.mark.parametrize("password", ["correct horse battery", "blåbærsyltetøy", "密码密码很长很长的密码", "8f3kq0zx"])
def test_length_counts_and_kinds_of_characters_do_not(password: str) -> None:
    check_password(password, 8, *_NAMES)


async def test_the_least_length_is_the_operators_choice(service: MetadataService, settings: Settings) -> None:
    settings.password_min_length = 15
    answer = await service.anyone().post("auth/register", json=_registration("kari", password="fourteen chars"))
    assert answer.status_code == 422
    assert "15" in answer.json()["detail"]
    assert answer.json()["errors"][0]["loc"] == ["body", "password"]


_COMPOSED, _DECOMPOSED = (unicodedata.normalize(form, "åse-zoë") for form in ("NFC", "NFD"))


@pytest.mark.parametrize(
    ("name", "other"),
    [
        (_COMPOSED, _DECOMPOSED),
        ("Straße", "STRASSE"),
        ("ΟΔΟΣ", "οδοσ"),
        ("kari", "ｋａｒｉ"),
        ("MIKA", "Kmika"[1:].upper()),
    ],
)
async def test_one_name_in_two_spellings_is_one_person(service: MetadataService, name: str, other: str) -> None:
    assert key_of(name) == key_of(other)
    client = service.anyone()
    body = _registration(name, email="a@example.org")
    assert (await client.post("auth/register", json=body)).status_code == 201
    again = await client.post("auth/register", json=_registration(other, email="b@example.org"))
    assert again.json()["type"] == "username-taken"
    answer = await client.post("auth/login", json={"username": other, "password": PASSWORD})
    assert answer.status_code == 200


async def test_addresses_of_other_scripts_are_addresses(service: MetadataService) -> None:
    client = service.anyone()
    for number, address in enumerate(("Åse@Blåbær.example.com", "用户@例え.jp", "kari+photos@example.org")):
        body = _registration(f"user{number}", email=address)
        answer = await client.post("auth/register", json=body)
        assert answer.status_code == 201, answer.text
        login = await client.post("auth/login", json={"email": address.upper(), "password": PASSWORD})
        assert login.status_code == 200, address


@pytest.mark.parametrize("name", ["ka\u200bri", "ka\u202eri", "\u2066kari", "ka\u00adri", "kari\ufeff"])
async def test_a_name_with_something_invisible_in_it_is_refused(service: MetadataService, name: str) -> None:
    answer = await service.anyone().post("auth/register", json=_registration(name, email="a@example.org"))
    assert answer.status_code == 422, answer.text


async def test_who_takes_anothers_address_for_a_name_does_not_come_before_them(service: MetadataService) -> None:
    await service.user("kari")
    client = service.anyone()
    body = _registration("x", username="kari@example.org", email="thief@example.org", password="a thief's words")
    assert (await client.post("auth/register", json=body)).status_code == 201
    answer = await client.post("auth/login", json={"email": "kari@example.org", "password": PASSWORD})
    assert answer.json()["user"]["username"] == "kari"


async def test_names_of_before_are_compared_in_the_new_way(database_url: str) -> None:
    await migrations.downgrade(database_url, "0003")
    database = Database(database_url, busy_seconds=5)
    now = "'2024-05-17 12:00:00'"
    async with database.writing() as session:
        for number, name in enumerate(("straße", "kari", "strasse", "ΟΔΟς".lower()), start=1):
            await session.execute(
                text(
                    "INSERT INTO users (id, username, username_key, email, email_key, password_hash, is_active,"
                    f" created_at, updated_at) VALUES ({number}, :name, :name, :email, :email, '', true, {now}, {now})"
                ),
                {"name": name, "email": f"{number}@x"},
            )
    await migrations.upgrade(database_url)
    async with database.reading() as session:
        keys = dict(iter(await session.execute(select(User.id, User.username_key))))
    await database.close()
    assert keys == {1: "straße", 2: "kari", 3: "strasse", 4: "οδοσ"}, "where two become one, the old key stays"
