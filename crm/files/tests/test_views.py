"""Uploading and downloading through the addresses."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from crm.accounts.access import actor_for
from crm.activity.models import Activity
from crm.files import views
from crm.files.actions import remove_attachment
from crm.files.actions.attachments import Attachment
from crm.files.signing import signed_preview_url, signed_url

from .builders import FORM_KEY, attach, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client, django_user_model):
    user = django_user_model.objects.create_user("agent@example.com", name="Agent")
    client.force_login(user)
    return client


def post(client, file, form_key=FORM_KEY):
    return client.post(reverse("files:upload_create"), {"form_key": form_key, "file": file})


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_upload_answers_with_a_token(client):
    response = post(client, SimpleUploadedFile("说明.txt", "你好".encode()))
    assert response.status_code == 201
    assert response.json()["name"] == "说明.txt"
    assert response.json()["size"] == 6
    assert len(response.json()["token"]) > 20


def test_a_refused_upload_says_why(client):
    response = post(client, SimpleUploadedFile("run.exe", b"hello"))
    assert response.status_code == 422
    assert "run.exe" in response.json()["error"]


def test_upload_without_a_file(client):
    response = client.post(reverse("files:upload_create"), {"form_key": FORM_KEY})
    assert response.status_code == 422
    assert client.get(reverse("files:upload_create")).status_code == 405


def test_upload_needs_the_csrf_token():
    strict = Client(enforce_csrf_checks=True, headers={"accept": "application/json"})
    assert post(strict, SimpleUploadedFile("a.txt", b"a")).status_code == 403


def test_uploads_are_limited_by_address(client, monkeypatch):
    monkeypatch.setattr(views, "_GUEST_LIMIT", 2)
    statuses = [post(client, SimpleUploadedFile("a.txt", b"a")).status_code for _time in range(3)]
    assert statuses == [201, 201, 429]


def test_staff_download_what_the_record_lets_them(staff, owner):
    file = attach(owner, b"hello", "合同 “终稿”.txt")
    response = staff.get(file.get_absolute_url())
    assert response.status_code == 200
    assert body(response) == b"hello"
    assert response["Content-Disposition"].startswith("attachment")
    assert "filename*=utf-8''%E5%90%88%E5%90%8C" in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Content-Length"] == "5"


@pytest.mark.parametrize("markup", [b"<svg onload=alert(1)>", b"<!doctype html><script>alert(1)</script>"])
def test_markup_is_never_shown_inline(staff, owner, markup):
    file = attach(owner, markup, "picture.svg", visibility="public")
    for url in (file.get_absolute_url(), signed_url(file)):
        response = staff.get(url)
        assert response["Content-Type"] == "application/octet-stream"
        assert response["Content-Disposition"].startswith("attachment")
    assert staff.get(reverse("files:attachment_preview", args=[file.uid])).status_code == 404


def test_a_guest_sees_no_file_by_its_staff_address(client, owner):
    file = attach(owner, visibility="public")
    assert client.get(file.get_absolute_url()).status_code == 404


def test_a_file_outside_the_readers_set_is_missing(staff, owner):
    file = attach(owner)
    owner.is_active = False
    owner.save()
    assert staff.get(file.get_absolute_url()).status_code == 404


def test_a_file_of_a_kind_without_guard_is_missing(staff, owner):
    file = attach(owner)
    Attachment.objects.filter(pk=file.pk).update(kind=9)
    assert staff.get(file.get_absolute_url()).status_code == 404


def test_a_signed_address_works_for_an_hour(client, owner):
    url = signed_url(attach(owner, b"for you", visibility="public"))
    assert body(client.get(url)) == b"for you"
    assert client.get(url.replace("/files/", "/files/x", 1)).status_code == 404


def test_an_old_signed_address_is_missing(client, owner, monkeypatch):
    url = signed_url(attach(owner, visibility="public"))
    monkeypatch.setattr("crm.files.signing.VALID_SECONDS", -1)
    assert client.get(url).status_code == 404


def test_a_signed_address_never_opens_an_internal_file(client, owner):
    assert client.get(signed_url(attach(owner, visibility="internal"))).status_code == 404


def test_access_ends_when_the_file_or_its_record_goes(client, owner, staff):
    file = attach(owner, visibility="public")
    other = attach(owner, b"other", visibility="public")
    url, other_url = signed_url(file), signed_url(other)
    remove_attachment(actor=actor_for(owner), attachment=file)
    assert client.get(url).status_code == 404
    assert staff.get(file.get_absolute_url()).status_code == 404
    assert Activity.objects.get().key == "files.removed"
    owner.is_active = False
    owner.save()
    assert client.get(other_url).status_code == 404


def test_head_and_ranges(staff, owner):
    url = attach(owner, b"0123456789").get_absolute_url()
    head = staff.head(url)
    assert (head.status_code, head["Content-Length"], body(head)) == (200, "10", b"")
    part = staff.get(url, headers={"range": "bytes=2-4"})
    assert (part.status_code, body(part), part["Content-Range"]) == (206, b"234", "bytes 2-4/10")
    assert body(staff.get(url, headers={"range": "bytes=-3"})) == b"789"
    assert body(staff.get(url, headers={"range": "bytes=7-"})) == b"789"
    assert staff.get(url, headers={"range": "bytes=10-"}).status_code == 416
    assert body(staff.get(url, headers={"range": "bytes=nonsense"})) == b"0123456789"


def test_pictures_are_written_anew(staff, owner):
    original = picture(kind="JPEG", comment=b"<script>alert(1)</script>")
    file = attach(owner, original, "photo.jpg", visibility="public")
    for url in (file.preview_url, signed_preview_url(file)):
        response = staff.get(url)
        assert response["Content-Type"] == "image/webp"
        assert b"script" not in body(response)
        assert response["Content-Disposition"] == "inline"
