"""Pictures shown in the page: decoded, turned upright, made smaller and written anew, so that nothing
of the original bytes (scripts, metadata, places) reaches a browser."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from PIL import Image, ImageOps

from crm.core.errors import NotFound

from .blobs import PREVIEW_SUFFIX
from .models import Blob
from .sniffing import PICTURES

#: Larger pictures are only downloaded: decoding takes memory by the pixel.
MAX_PIXELS = 40_000_000
EDGE_PIXELS = 1280
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")


def preview_of(blob: Blob) -> File[Any]:
    """The re-encoded picture, made on first use. Raises `NotFound` for what is no sound picture."""
    name = blob.storage_name + PREVIEW_SUFFIX
    if blob.media_type not in PICTURES:
        raise NotFound
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(_encoded(blob)))
    return default_storage.open(name)


def _encoded(blob: Blob) -> bytes:
    try:
        with default_storage.open(blob.storage_name) as file, Image.open(file, formats=_FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise NotFound
            image.draft("RGB", (EDGE_PIXELS, EDGE_PIXELS))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((EDGE_PIXELS, EDGE_PIXELS))
            has_alpha = upright.has_transparency_data
            out = io.BytesIO()
            clean = upright.convert("RGBA" if has_alpha else "RGB")
            clean.info.clear()
            clean.save(out, "WEBP", quality=82)
            return out.getvalue()
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise NotFound from error
