"""The tags that are read of each vendor's maker notes."""

from typing import Final

NAMES: Final[dict[str, dict[int, str]]] = {
    "Canon": {
        0x0006: "CanonImageType",
        0x0007: "CanonFirmwareVersion",
        0x0008: "FileNumber",
        0x0009: "OwnerName",
        0x000C: "SerialNumber",
        0x0010: "CanonModelID",
        0x0028: "ImageUniqueID",
        0x0095: "LensModel",
        0x0096: "InternalSerialNumber",
    },
    "Nikon": {
        0x0001: "MakerNoteVersion",
        0x0004: "Quality",
        0x0005: "WhiteBalance",
        0x0007: "FocusMode",
        0x001D: "SerialNumber",
        0x0083: "LensType",
        0x0084: "Lens",
        0x00A7: "ShutterCount",
    },
    "Olympus": {0x0207: "CameraType", 0x0209: "CameraID"},
    "OlympusEquipment": {
        0x0100: "CameraType2",
        0x0101: "SerialNumber",
        0x0202: "LensSerialNumber",
        0x0203: "LensModel",
        0x0303: "ExtenderModel",
    },
    "Panasonic": {
        0x0051: "LensType",
        0x0052: "LensSerialNumber",
        0x0053: "AccessoryType",
        0x0054: "AccessorySerialNumber",
        0x00AF: "TimeStamp",
    },
    "FujiFilm": {
        0x0010: "InternalSerialNumber",
        0x1000: "Quality",
        0x1404: "MinFocalLength",
        0x1405: "MaxFocalLength",
        0x1406: "MaxApertureAtMinFocal",
        0x1407: "MaxApertureAtMaxFocal",
        0x1431: "Rating",
        0x1438: "ImageCount",
    },
    "Sony": {0xB001: "SonyModelID", 0xB020: "CreativeStyle", 0xB027: "LensType", 0xB02A: "LensSpec"},
    "Apple": {
        0x0001: "MakerNoteVersion",
        0x0008: "AccelerationVector",
        0x000A: "HDRImageType",
        0x000B: "BurstUUID",
        0x0011: "ContentIdentifier",
        0x0014: "ImageCaptureType",
        0x0015: "ImageUniqueID",
        0x0020: "ImageCaptureRequestID",
        0x002B: "PhotoIdentifier",
    },
    "Pentax": {0x0005: "PentaxModelID", 0x0229: "SerialNumber"},
    "Casio": {},
    "Casio2": {},
}
"""By vendor, number and name; names as exiftool spells them."""
