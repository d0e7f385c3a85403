"""Staging and claiming."""

from __future__ import annotations

import pytest

from crm.core.errors import Conflict, Invalid
from crm.files.actions import attach_uploads
from crm.files.models import Attachment, Blob

from .builders import FORM_KEY, GUEST, attach, picture, stage

pytestmark = pytest.mark.django_db


def claim(owner, *uploads, form_key=FORM_KEY):
    return attach_uploads(
        actor=GUEST,
        form_key=form_key,
        tokens=[upload.token for upload in uploads],
        kind="user",
        object_id=owner.pk,
        visibility="public",
    )


def stored_files(media):
    return [path for path in media.rglob("*") if path.is_file()]


def test_the_type_is_what_the_bytes_say():
    assert stage(b"<svg onload=alert(1)>", "photo.png").blob.media_type == "text/plain"
    assert stage(picture(), "notes.txt").blob.media_type == "image/png"


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "empty.txt", "empty"),
        (b"MZ" + b"\x00" * 58 + (64).to_bytes(4, "little") + b"PE\x00\x00", "holiday.pdf", "program"),
        (b"echo", "run.BAT", "program"),
    ],
)
def test_a_refusal_names_the_file_and_the_reason(content, name, words, media):
    with pytest.raises(Invalid) as refused:
        stage(content, name)
    assert name in str(refused.value)
    assert words in str(refused.value)
    assert stored_files(media) == []


def test_too_large_is_refused(settings):
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    with pytest.raises(Invalid, match=r"big\.bin.*1 MB"):
        stage(b"x" * (1024 * 1024 + 1), "big.bin")


def test_an_eleventh_file_is_refused_and_leaves_no_bytes(media):
    for number in range(10):
        stage(f"file {number}".encode(), f"{number}.txt")
    with pytest.raises(Invalid, match=r"11\.txt.*up to 10"):
        stage(b"one more", "11.txt")
    assert len(stored_files(media)) == 10
    assert stage(b"another form", form_key="another-form-key-123").pk


def test_the_total_of_a_form_is_limited(monkeypatch):
    monkeypatch.setattr("crm.files.checks.MAX_TOTAL_BYTES", 8)
    stage(b"12345")
    with pytest.raises(Invalid, match="together"):
        stage(b"67890", "second.txt")


def test_a_guessable_form_key_is_refused():
    with pytest.raises(Invalid):
        stage(form_key="1")


def test_the_same_content_is_stored_once(owner, media):
    first, second = stage(b"same", "a.txt"), stage(b"same", "b.txt")
    third = attach(owner, b"same", "c.txt")
    assert first.blob_id == second.blob_id == third.blob_id
    assert Blob.objects.count() == 1
    assert len(stored_files(media)) == 1


def test_stored_names_say_nothing(media):
    stage(picture(), "secret plan.png")
    (path,) = stored_files(media)
    assert path.suffix == ""
    assert len(path.name) == 32


def test_claiming_twice_gives_the_same_attachments(owner):
    uploads = [stage(b"one", "1.txt"), stage(b"two", "2.txt")]
    first, again = claim(owner, *uploads), claim(owner, *uploads)
    assert [file.pk for file in first] == [file.pk for file in again]
    assert [file.name for file in first] == ["1.txt", "2.txt"]
    assert Attachment.objects.count() == 2


def test_a_claimed_upload_cannot_move_to_another_record(owner, django_user_model):
    upload = stage()
    claim(owner, upload)
    other = django_user_model.objects.create_user("other@example.com", name="Other")
    with pytest.raises(Conflict):
        claim(other, upload)


def test_another_forms_upload_cannot_be_claimed(owner):
    upload = stage()
    with pytest.raises(Invalid):
        claim(owner, upload, form_key="another-form-key-123")
    assert Attachment.objects.count() == 0


def test_claimed_files_no_longer_count_against_the_form(owner):
    claim(owner, *[stage(f"{number}".encode(), f"{number}.txt") for number in range(10)])
    assert stage(b"next message").pk
