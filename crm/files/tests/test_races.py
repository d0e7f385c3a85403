"""The same content and the same form, at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from crm.core.errors import Invalid
from crm.files.actions import attach_uploads
from crm.files.models import Attachment, Blob, Upload

from .builders import FORM_KEY, GUEST, stage

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(function, count):
    def call(number):
        try:
            return function(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(call, range(count)))


def test_one_content_arriving_six_times_is_stored_once(media):
    at_once(lambda number: stage(b"same", form_key=f"form-key-{number:016}"), 6)
    assert Blob.objects.count() == 1
    assert Upload.objects.count() == 6
    assert len([path for path in media.rglob("*") if path.is_file()]) == 1


def test_a_form_never_gets_an_eleventh_file():
    def attempt(number):
        try:
            return stage(f"file {number}".encode())
        except Invalid:
            return None

    assert len([upload for upload in at_once(attempt, 13) if upload]) == 10


def test_a_form_sent_twice_attaches_once(owner):
    upload = stage()

    def claim(_number):
        (file,) = attach_uploads(actor=GUEST, form_key=FORM_KEY, tokens=[upload.token], kind="user", object_id=owner.pk)
        return file.pk

    assert len(set(at_once(claim, 4))) == 1
    assert Attachment.objects.count() == 1
