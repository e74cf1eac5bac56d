"""Search: the same photos for the same words, on both databases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metadata_service.derived.words import asked, indexed, words
from tests.support.metadata import MetadataService, Person

_PHOTOS = {
    1: {"title": "Blåbær og multer", "description": "Tur til fjellet, høst"},
    2: {"title": "Café crème in Paris", "description": 'He said "cheese"'},
    3: {"title": "Ålesund by night"},
    4: {"title": "O'Brien’s wedding – bryllup"},
    5: {"title": "ski-tur i Ørsta", "description": "snø_og_is"},
    6: {"title": "💙 love 👩‍👩‍👧", "description": "naïve façade"},
    7: {"title": "STRASSE Straße", "description": "Ljubljana Łódź"},
    8: {"title": "東京タワー", "description": "中文 mixed ascii"},
    9: {"title": "R5m2 v1.2.3", "description": "100% sure AND OR NOT NEAR * ( ) : ^"},
}
_CORPUS = [
    ("blåbær", {1}),
    ("BLÅBÆR", {1}),
    ("blabaer", {1}),
    ("blåb", {1}),
    ("blabær", set()),
    ("høst", {1}),
    ("host", {1}),
    ("cafe", {2}),
    ("café", {2}),
    ("cafe\u0301", {2}),
    ("creme", {2}),
    ("ålesund", {3}),
    ("Å", set()),
    ("alesund", {3}),
    ("A\u030alesund", {3}),
    ("o'brien", {4}),
    ("brien", {4}),
    ("bryll", {4}),
    ("ski-tur", {5}),
    ("skitur", set()),
    ("tur", {1, 5}),
    ("ørsta", {5}),
    ("orsta", {5}),
    ("snø", {5}),
    ("is", {5}),
    ("💙", {6}),
    ("💙💙", {6}),
    ("naive", {6}),
    ("facade", {6}),
    ("strasse", {7}),
    ("straße", {7}),
    ("lodz", {7}),
    ("東京", {8}),
    ("京", {8}),
    ("中文 mixed", {8}),
    ("r5m", {9}),
    ("v1.2.3", {9}),
    ("and or not near", {9}),
    ("100%", {9}),
    ('"cheese"', {2}),
    ('"chees"', set()),
    ("chees", {2}),
    ('"cheese', {2}),
    ("tur høst", {1}),
    ("tur paris", set()),
    ("img_0003", {3}),
    ("img 0003 jpg", {3}),
    ("canon", set(_PHOTOS)),
    ('" OR 1=1 --', set()),
    ("'':*", set(_PHOTOS)),
    ("***", set(_PHOTOS)),
]


@pytest.fixture
async def numbered(kari: Person) -> dict[int, int]:
    """The photos, by the number that they have in the corpus."""
    return {(await kari.keep(seed, **fields))["id"]: seed for seed, fields in _PHOTOS.items()}


async def test_the_corpus_finds_the_same_everywhere(kari: Person, numbered: dict[int, int]) -> None:
    for question, expected in _CORPUS:
        answer = await kari.post("photos/search", json={"query": question})
        assert answer.status_code == 200, (question, answer.text)
        assert {numbered[photo["id"]] for photo in answer.json()["data"]} == expected, question


async def test_words_follow_every_change(kari: Person, numbered: dict[int, int]) -> None:
    async def found(question: str) -> int:
        total: int = (await kari.post("photos/search", json={"query": question})).json()["meta"]["total"]
        return total

    photo_id = next(iter(numbered))
    await kari.patch(f"photos/{photo_id}", json={"title": "tyttebær"})
    assert (await found("blåbær"), await found("tyttebær")) == (0, 1)
    await kari.post(f"photos/{photo_id}/tags", json={"tags": ["skogen"]})
    assert await found("skog") == 1
    await kari.patch("photos/bulk", json={"ids": list(numbered), "change": {"description": "felles"}})
    assert await found("felles") == len(numbered)
    await kari.delete(f"photos/{photo_id}?purge=true")
    assert await found("tyttebær") == 0


async def test_others_find_a_shared_photo_by_what_they_are_shown_and_by_nothing_else(
    kari: Person, ola: Person, anyone: Person
) -> None:
    photo = await kari.keep(1, title="Fjord", tags=["hemmelig"], visibility="authenticated")

    async def sees(person: Person, question: str) -> bool:
        return bool((await person.post("photos/search", json={"query": question})).json()["data"])

    assert [await sees(kari, word) for word in ("fjord", "hemmelig", "img_0001", "canon")] == [True] * 4
    assert [await sees(ola, word) for word in ("fjord", "hemmelig", "img_0001", "canon")] == [True, False, False, True]
    assert not await sees(anyone, "fjord")
    await kari.patch(f"photos/{photo['id']}", json={"visibility": "public"})
    assert await sees(anyone, "fjord")
    await kari.patch(f"photos/{photo['id']}", json={"visibility": "private"})
    assert not await sees(ola, "fjord")


async def test_hostile_questions_are_questions(service: MetadataService, kari: Person) -> None:
    await kari.keep(1, title="Fjord")
    for question in ("💙" * 255, "a " * 120, '"' * 200, "{shown} : x", "u1", "shared", "'u1':C", "\\", "%", "\u200d"):
        answer = await kari.post("photos/search", json={"query": question})
        assert answer.status_code == 200, (question, answer.text)
    for question in ("u1", "shared", "public"):
        assert (await kari.post("photos/search", json={"query": question})).json()["data"] == [], "not words of a photo"


@given(st.text(max_size=60))
def test_words_are_made_of_letters_digits_and_symbols_alone(text: str) -> None:
    for word in indexed([text]):
        assert word
        assert not set(word) & set("'\"\\ \t\n*:&|()<>!{}^+-\0"), word


@given(st.text(max_size=60))
def test_what_is_written_is_found_by_writing_it_again(text: str) -> None:
    known = set(indexed([text]))
    assert {item.word for item in asked(text.replace('"', " "))} <= known


@given(st.text(alphabet="abcåÆøXYZ 019_-.", max_size=40))
def test_the_short_way_for_plain_text_splits_like_the_long_one(text: str) -> None:
    plain = text.encode("ascii", "ignore").decode()
    assert words(plain) == [word for word in words(plain + " é") if word != "e"] or "e" in words(plain)
