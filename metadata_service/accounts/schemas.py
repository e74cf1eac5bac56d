"""What names and passwords may be, and how an account is shown."""

import unicodedata
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from metadata_service.accounts.names import is_plain
from shared_schemas.json_safe import safe_text


def _plain_name(name: str) -> str:
    if not is_plain(name):
        raise ValueError("must not hold invisible characters")
    return unicodedata.normalize("NFC", name)


Username = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=3, max_length=50, pattern=r"^[\w.@+-]+$"),
    AfterValidator(_plain_name),
]
Password = Annotated[str, StringConstraints(max_length=256), AfterValidator(safe_text)]
NewPassword = Annotated[Password, StringConstraints(min_length=8)]


class UserOut(BaseModel):
    """An account as its owner sees it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    username: str
    email: str
    display_name: str | None
    is_active: bool
    is_admin: bool
    created_at: datetime
    updated_at: datetime
