from __future__ import annotations

import pytest
from PIL import Image

from crm.core.errors import NotFound
from crm.files.previews import EDGE_PIXELS, preview_of

from .builders import attach, picture

pytestmark = pytest.mark.django_db


def test_a_picture_is_made_smaller_and_turned_upright(owner):
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right: the camera was held upright
    exif[0x010E] = "a secret place"
    file = attach(owner, picture(3000, 1000, "JPEG", exif=exif), "p.jpg")
    with preview_of(file.blob) as content, Image.open(content) as image:
        assert image.height == EDGE_PIXELS
        assert image.width < image.height
        assert not image.getexif()


def test_transparency_survives(owner, tmp_path):
    path = tmp_path / "clear.png"
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(path)
    with preview_of(attach(owner, path.read_bytes(), "clear.png").blob) as content, Image.open(content) as image:
        assert image.convert("RGBA").getpixel((5, 5))[3] == 0


def test_a_picture_of_too_many_pixels_is_only_downloaded(owner, monkeypatch):
    monkeypatch.setattr("crm.files.previews.MAX_PIXELS", 100)
    with pytest.raises(NotFound):
        preview_of(attach(owner, picture(), "p.png").blob)


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\nnot a picture", picture()[:60], b"GIF89a"])
def test_a_broken_picture_is_only_downloaded(owner, content):
    with pytest.raises(NotFound):
        preview_of(attach(owner, content, "p.png").blob)


def test_it_is_made_once(owner, media):
    blob = attach(owner, picture(), "p.png").blob
    preview_of(blob).close()
    (path,) = media.rglob("*.preview")
    path.write_bytes(b"kept")
    with preview_of(blob) as content:
        assert content.read() == b"kept"
