"""Where a request comes from, as far as it can be told."""

import ipaddress
from dataclasses import dataclass
from typing import Final

_IPV6_HOME: Final = 64


@dataclass(frozen=True, slots=True)
class Client:
    """The address of the caller and what its program calls itself. Both can be made up by whoever sits in between."""

    ip: str
    user_agent: str | None

    @property
    def network(self) -> str:
        """Whom to count as one: an IPv4 address, or the /64 that one household is given of IPv6."""
        try:
            address = ipaddress.ip_address(self.ip)
        except ValueError:
            return self.ip
        if address.version == 6:
            if (inside := address.ipv4_mapped) is not None:
                return str(inside)
            return str(ipaddress.ip_network((address, _IPV6_HOME), strict=False))
        return str(address)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who changes their account, by which sign-in, from where."""

    user_id: int
    session_id: int | None
    client: Client
