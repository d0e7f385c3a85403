from __future__ import annotations

import datetime as dt
import os
import uuid

import pytest

from crm.accounts.access import actor_for
from crm.core import clock
from crm.files.actions import remove_attachment
from crm.files.models import Attachment, Blob, Upload
from crm.files.previews import preview_of
from crm.files.selectors import attachments_of
from crm.files.sweeps import forget_stray_bytes, forget_uploads

from .builders import GUEST, attach, picture, stage

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(hours=25)


def files_in(media):
    return [path for path in media.rglob("*") if path.is_file()]


def test_uploads_of_yesterday_go_with_their_contents(owner, media, django_capture_on_commit_callbacks):
    stage(b"never sent")
    kept = attach(owner, b"sent")
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_uploads() == 0
    with clock.shifted(DAY), django_capture_on_commit_callbacks(execute=True):
        stage(b"fresh")
        assert forget_uploads() == 2
    assert Upload.objects.count() == 1
    assert {blob.pk for blob in Blob.objects.all()} == {kept.blob_id, Upload.objects.get().blob_id}
    assert len(files_in(media)) == 2


def test_a_removed_file_keeps_its_content_for_the_recycle_bin(owner, media, django_capture_on_commit_callbacks):
    file = attach(owner, picture(), "p.png")
    preview_of(file.blob).close()
    remove_attachment(actor=actor_for(owner), attachment=file)
    with clock.shifted(dt.timedelta(days=29)):
        assert forget_uploads() == 0
    with clock.shifted(dt.timedelta(days=31)), django_capture_on_commit_callbacks(execute=True):
        assert forget_uploads() == 2
    assert Attachment.all_objects.count() == 0
    assert files_in(media) == []


def test_bytes_without_a_row_go_after_a_day(owner, media):
    kept = attach(owner, b"kept").blob
    folder = media / kept.storage_name[:2]
    old, young = folder / uuid.uuid4().hex, folder / uuid.uuid4().hex
    for path in (old, young):
        path.write_bytes(b"lost")
    os.utime(old, (0, 0))
    os.utime(folder / kept.storage_name[3:], (0, 0))
    assert forget_stray_bytes(int(kept.storage_name[:2], 16)) == 1
    assert {path.name for path in files_in(media)} == {young.name, kept.storage_name[3:]}


def test_files_of_records_come_in_one_query(owner, django_assert_num_queries):
    attach(owner, b"in", "in.txt", "internal")
    attach(owner, b"out", "out.txt", "public")
    with django_assert_num_queries(1):
        found = attachments_of(GUEST, "user", [owner.pk, 0])
        assert [file.blob.size for file in found[owner.pk]] == [3]
