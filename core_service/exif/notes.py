"""The warnings that reading a file gives rise to, each said once."""

from dataclasses import dataclass, field

from shared_schemas.photoegg import EggWarning


@dataclass(slots=True)
class Notes:
    """Warnings by code: the first of a kind is kept, since a broken file repeats itself."""

    by_code: dict[str, EggWarning] = field(default_factory=dict)

    def warn(self, code: str, message: str) -> None:
        """Note something that was survived but that the owner may want to know."""
        self.by_code.setdefault(code, EggWarning(code=code, message=message[:255]))
