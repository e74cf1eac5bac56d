"""Who sees what, once more and as short as it can be said: what the service is compared with."""

from dataclasses import dataclass, field

Name = str | None


@dataclass
class World:
    """People are names, None is anyone; photos, spaces and links are the numbers that the service gave them."""

    owner: dict[int, str] = field(default_factory=dict)
    level: dict[int, str] = field(default_factory=dict)
    rating: dict[int, int] = field(default_factory=dict)
    trash: set[int] = field(default_factory=set)
    members: dict[int, dict[str, str]] = field(default_factory=dict)
    held: dict[int, set[int]] = field(default_factory=dict)
    links: dict[int, tuple[str, set[int] | None]] = field(default_factory=dict)

    def sees(self, who: Name, photo: int) -> bool:
        """The four levels, and the trash."""
        if photo in self.trash:
            return False
        if self.level[photo] == "public" or (who is not None and who == self.owner[photo]):
            return True
        if self.level[photo] == "authenticated":
            return who is not None
        shown = (space for space in self.held if photo in self.held[space])
        return self.level[photo] == "space" and any(who in self.members[space] for space in shown)

    def seen(self, who: Name) -> set[int]:
        """All that somebody sees."""
        return {photo for photo in self.owner if self.sees(who, photo)}

    def own(self, who: Name) -> set[int]:
        """All that belongs to somebody, outside the trash."""
        return {photo for photo, owner in self.owner.items() if owner == who} - self.trash

    def linked(self, link: int) -> set[int]:
        """What a link shows: the chosen photos, or those with four stars and more."""
        owner, chosen = self.links[link]
        return {photo for photo in self.own(owner) if (self.rating[photo] >= 4 if chosen is None else photo in chosen)}
