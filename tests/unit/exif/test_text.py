"""Text of any encoding: readable, or nothing. Never mojibake."""

import pytest

from core_service.exif.text import clean, decode_ascii_field, decode_comment, decode_text, decode_utf16, readable_part


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"Canon", "Canon"),
        (b"  NIKON CORPORATION   ", "NIKON CORPORATION"),
        ("Øyvind Åsen".encode(), "Øyvind Åsen"),
        ("写真".encode(), "写真"),
        ("Café Zürich – “quoted” 20 €".encode("cp1252"), "Café Zürich – “quoted” 20 €"),
        ("Ærlig talt".encode("latin-1"), "Ærlig talt"),
        ("© 2024 Jörg".encode("latin-1"), "© 2024 Jörg"),
        (b"two\nlines\r\n", "two\nlines"),
        (b"bell\x07 and escape\x1b", "bell and escape"),
        ("cut ø".encode()[:-1], "cut"),
        ("写真".encode()[:-1], "写"),
        (b"", ""),
    ],
)
def test_text_is_read_in_the_encodings_that_are_in_use(raw: bytes, text: str) -> None:
    assert decode_text(raw) == text


@pytest.mark.parametrize(
    "raw",
    [
        "写真を撮る".encode("shift_jis"),
        "照片说明".encode("gbk"),
        "Привет".encode("cp1251"),
        b"\xff\xfe\xfd\xfc",
        b"\x8c",
        "Café på Grünerløkka".encode("mac-roman"),
        "Žižkov".encode("cp1250"),
        b"\xe9 \xe8 a",
        bytes(range(0x80, 0xA0)),
    ],
)
def test_text_of_an_unknown_encoding_is_nothing_rather_than_mojibake(raw: bytes) -> None:
    assert decode_text(raw) is None


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("File written by Adobe Photoshop® 4.0".encode("mac-roman"), "File written by Adobe Photoshop 4.0"),
        ("A very plain text with one é".encode("mac-roman"), "A very plain text with one"),
        ("写真を撮る".encode("shift_jis"), None),
        ("Привет".encode("cp1251"), None),
    ],
)
def test_of_a_text_that_is_nearly_all_ascii_the_rest_is_left_out(raw: bytes, text: str | None) -> None:
    assert decode_text(raw) is None
    assert readable_part(raw) == text


def test_what_follows_the_first_nul_is_padding() -> None:
    assert decode_ascii_field(b"Canon\0left over \xff\xff") == "Canon"


@pytest.mark.parametrize(
    ("raw", "order", "text"),
    [
        ("Grüße".encode("utf-16-le"), "little", "Grüße"),
        ("Grüße".encode("utf-16-be"), "big", "Grüße"),
        ("Grüße aus Köln".encode("utf-16-le"), "big", "Grüße aus Köln"),
        ("Grüße aus Köln".encode("utf-16-be"), "little", "Grüße aus Köln"),
        ("写真".encode("utf-16-le"), "little", "写真"),
        ("写真の説明".encode("utf-16-le"), "big", "写真の説明"),
        ("写真".encode("utf-16"), "big", "写真"),
        (b"\xfe\xff" + "写真".encode("utf-16-be"), "little", "写真"),
        ("😀 hi".encode("utf-16-le"), "little", "😀 hi"),
        ("padded\0\0\0".encode("utf-16-le"), "little", "padded"),
        ("odd".encode("utf-16-le") + b"\0", "little", "odd"),
        (b"", "little", ""),
    ],
)
def test_utf16_is_read_in_the_byte_order_that_makes_sense(raw: bytes, order: str, text: str) -> None:
    assert decode_utf16(raw, order) == text


def test_a_lone_surrogate_is_no_text() -> None:
    assert decode_utf16(b"\x00\xd8\xd8\x00", "little") is None


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"ASCII\0\0\0hello", "hello"),
        (b"ASCII\0\0\0" + "Grüße".encode(), "Grüße"),
        (b"UNICODE\0" + "Grüße aus Köln".encode("utf-16-le"), "Grüße aus Köln"),
        (b"UNICODE\0" + "Grüße aus Köln".encode("utf-16-be"), "Grüße aus Köln"),
        (b"JIS\0\0\0\0\0" + "写真".encode("iso2022_jp"), "写真"),
        (bytes(8) + b"undefined but plain", "undefined but plain"),
        (b"no prefix at all", "no prefix at all"),
        (bytes(64), ""),
        (b"ASCII\0\0\0" + b" " * 200, ""),
        (b"", ""),
    ],
)
def test_a_user_comment_is_read_by_its_code(raw: bytes, text: str) -> None:
    assert decode_comment(raw, "little") == text


def test_a_user_comment_with_a_broken_code_is_nothing() -> None:
    assert decode_comment(b"JIS\0\0\0\0\0\x1b$B\xff\xff", "little") is None


def test_cleaning_leaves_what_json_and_databases_keep() -> None:
    assert clean("\ufeff a\0b\x9f\ufffe\t c \r\n") == "ab\t c"
