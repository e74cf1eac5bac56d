"""One's own account: shown, changed, given another password, deleted with all that is its own."""

from sqlalchemy import func, select

from metadata_service.db.base import Table
from metadata_service.housekeeping import tidy
from metadata_service.tables import Photo, PhotoIdentity, PhotoPreview, Tag, User
from tests.support.eggs import jpeg
from tests.support.metadata import PASSWORD, MetadataService, Person


async def test_an_account_tells_how_much_it_holds(kari: Person) -> None:
    await kari.keep(1)
    thrown = await kari.keep(2)
    await kari.delete(f"photos/{thrown['id']}")
    await kari.post("authors", json={"name": "Kari"})
    told = (await kari.get("users/me/")).json()
    assert (told["photos_count"], told["import_sessions_count"], told["authors_count"]) == (1, 0, 1)
    assert told["username"] == "kari"


async def test_an_account_is_changed_field_by_field(kari: Person, ola: Person) -> None:
    told = (await kari.put("users/me", json={"display_name": "Kari N."})).json()
    assert (told["display_name"], told["email"]) == ("Kari N.", "kari@example.org")
    assert (await kari.put("users/me", json={"email": "new@example.org"})).json()["display_name"] == "Kari N."
    taken = await kari.put("users/me", json={"email": "OLA@example.org"})
    assert (taken.status_code, taken.json()["type"]) == (409, "email-taken")
    assert (await kari.get("users/me")).json()["email"] == "new@example.org"
    assert (await kari.put("users/me", json={"email": None})).status_code == 422


async def test_a_new_password_counts_and_the_old_one_does_not(kari: Person, anyone: Person) -> None:
    wrong = await kari.post("users/me/change-password", json={"current_password": "no", "new_password": "longer one"})
    assert (wrong.status_code, wrong.json()["type"]) == (403, "wrong-password")
    short = await kari.post("users/me/change-password", json={"current_password": PASSWORD, "new_password": "short"})
    assert short.status_code == 422
    body = {"current_password": PASSWORD, "new_password": "another horse"}
    assert (await kari.post("users/me/change-password", json=body)).status_code == 200
    for password, status in ((PASSWORD, 401), ("another horse", 200)):
        answer = await anyone.post("auth/login", json={"username": "kari", "password": password})
        assert answer.status_code == status


async def test_a_deleted_account_takes_all_that_is_its_own(
    service: MetadataService, kari: Person, ola: Person, anyone: Person
) -> None:
    mine = await kari.keep(1, visibility="public", coldpreview=jpeg(2, size=(600, 400)), tags=["gone"])
    theirs = await ola.keep(1, visibility="public", coldpreview=jpeg(2, size=(600, 400)))
    assert (await kari.delete("users/me")).status_code == 200
    assert (await kari.get("users/me")).status_code == 401
    assert (await anyone.get(f"photos/{mine['id']}")).status_code == 404
    assert (await anyone.get(f"photos/{theirs['id']}/coldpreview")).content == jpeg(2, size=(600, 400))
    async with service.database.reading() as session:
        for table, left in ((User, 1), (Photo, 1), (PhotoPreview, 1), (PhotoIdentity, 2), (Tag, 0)):
            assert await session.scalar(select(func.count()).select_from(table)) == left, table
    assert len(list(service.app.state.blobs.root.rglob("*.jpg"))) == 1


async def test_a_deleted_account_takes_its_originals_its_keys_and_its_sign_ins_and_leaves_no_row(
    service: MetadataService, kari: Person, ola: Person
) -> None:
    sent = await ola.post("photos/upload", files=[("files", ("a.jpg", jpeg(7, size=(600, 400))))])
    assert sent.status_code == 202, sent.text
    key = (await ola.post("users/me/api-keys", json={"name": "x", "scopes": ["photos:read"]})).json()["key"]
    await ola.post("auth/login", json={"username": "ola", "password": PASSWORD})
    assert len(list(service.app.state.blobs.root.rglob("*.jpg"))) == 1
    ola.cookies.clear()
    assert (await ola.delete("users/me")).status_code == 200
    assert list(service.app.state.blobs.root.rglob("*.jpg")) == []
    for authorization in (ola.headers["Authorization"], f"Bearer {key}"):
        answer = await service.anyone().get("photos", headers={"Authorization": authorization})
        assert answer.status_code == 401
    login = {"username": "ola", "password": PASSWORD}
    assert (await service.anyone().post("auth/login", json=login)).status_code == 401
    async with service.database.reading() as session:
        for table in Table.metadata.sorted_tables:
            for column in table.columns:
                if {key.column.table.name for key in column.foreign_keys} == {"users"}:
                    left = select(func.count()).select_from(table).where(column == ola.user["id"])
                    assert await session.scalar(left) == 0, column


async def test_blobs_that_could_not_be_removed_are_removed_later(service: MetadataService, kari: Person) -> None:
    await kari.keep(1, coldpreview=jpeg(2, size=(600, 400)))
    folder = service.app.state.blobs.root / "coldpreviews"
    folder.rename(folder.with_name("away"))
    folder.write_text("a file in the place of the folder")
    assert (await kari.delete("users/me")).status_code == 200
    folder.unlink()
    folder.with_name("away").rename(folder)
    assert len(list(folder.rglob("*.jpg"))) == 1
    await tidy(service.database, service.app.state.blobs, event_days=1)
    assert list(folder.rglob("*.jpg")) == []
