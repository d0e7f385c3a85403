"""Where a visit was: what somebody types or a browser gives, and a link that any map application opens."""

from __future__ import annotations

import re
from decimal import Decimal
from urllib.parse import quote

from django.utils.translation import gettext as _

from crm.core.errors import Invalid

#: Latitude and longitude in WGS 84 degrees.
Position = tuple[Decimal, Decimal]
_POSITION = re.compile(r"\s*(-?\d{1,2}(?:\.\d{1,12})?)\s*[,，;]\s*(-?\d{1,3}(?:\.\d{1,12})?)\s*")
_STEP = Decimal("0.000001")


def position_of(text: str) -> Position:
    """31.230416, 121.473701: to a tenth of a metre. Raises `Invalid`."""
    match = _POSITION.fullmatch(text)
    if match is None:
        raise Invalid(_("Write latitude and longitude in degrees, such as 31.2304, 121.4737"))
    return checked(Decimal(match[1]), Decimal(match[2]))


def checked(latitude: Decimal, longitude: Decimal) -> Position:
    """The position, rounded as it is stored. Raises `Invalid` for one that is not on Earth."""
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise Invalid(_("Latitude lies between -90 and 90, longitude between -180 and 180"))
    return latitude.quantize(_STEP), longitude.quantize(_STEP)


def map_url(place: str, position: Position | None) -> str:
    """A geo: address (RFC 5870), which the device opens with the map that its owner uses; "" for nowhere."""
    if position is not None:
        at = ",".join(f"{degrees.normalize():f}" for degrees in position)
        return f"geo:{at}?q={at}"
    return f"geo:0,0?q={quote(place)}" if place else ""


def in_words(position: Position | None) -> str:
    """As `position_of` reads it; "" for none."""
    return ", ".join(f"{degrees.normalize():f}" for degrees in position) if position is not None else ""
