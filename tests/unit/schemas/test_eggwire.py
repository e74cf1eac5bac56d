"""The binary form of an egg is the egg."""

import pytest
from pydantic import ValidationError

from shared_schemas.eggwire import NotAnEggError, pack_egg, unpack_egg
from shared_schemas.photoegg import PhotoEgg
from tests.support.eggs import egg


@pytest.mark.parametrize("changes", [{}, {"metadata": {"taken_at": None}}])
def test_an_egg_survives_the_journey(changes: dict[str, object]) -> None:
    sent = PhotoEgg.model_validate(egg(3, **changes))
    assert unpack_egg(pack_egg(sent)) == sent


def test_every_cut_and_every_addition_is_noticed() -> None:
    packed = pack_egg(PhotoEgg.model_validate(egg(3)))
    for damaged in (packed[:-1], packed[:10], b"", packed + b"\0", b"GGE\x01" + packed[4:]):
        with pytest.raises(NotAnEggError):
            unpack_egg(damaged)


def test_an_egg_that_is_not_valid_is_refused() -> None:
    packed = pack_egg(PhotoEgg.model_validate(egg(3)))
    with pytest.raises(ValidationError):
        unpack_egg(packed.replace(b'"width":', b'"wisth":', 1))
