"""Staff from a file: encodings, headings, a dry run, the job, repetition, and the rows that were left out."""

from __future__ import annotations

import csv
import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from crm.accounts.models import Role, User
from crm.core.errors import Invalid
from crm.jobs import runners
from crm.jobs.models import Job
from crm.messaging.models import OutgoingMail
from crm.testing.suites import staff as staff_with

from ..actions import structure
from ..actions.staff_import import BATCH, KIND
from ..staff_files import MAX_ROWS, csv_file, read_staff
from .builders import SYSTEM, both, make_department, make_team, make_user, signed_in

pytestmark = pytest.mark.django_db
IMPORT = "/settings/users/import/"


def xlsx(*lines: list) -> bytes:  # type: ignore[type-arg]
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet()
    for number, line in enumerate(lines):
        sheet.write_row(number, 0, line)
    book.close()
    return target.getvalue()


def check(client: Client, content: bytes, name: str = "staff.csv"):  # type: ignore[no-untyped-def]
    return client.post(IMPORT, {"file": SimpleUploadedFile(name, content)})


def bring_in(client: Client, content: bytes, **data: str) -> Job:
    page = check(client, content)
    assert page.status_code == 200
    response = client.post(f"{IMPORT}start/", {"rows": page.context["form"].initial["rows"], **data})
    job = Job.objects.filter(kind=KIND).latest("pk")
    assert response["Location"] == reverse("console:staff_import_detail", args=[job.pk])
    runners.run(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.error
    return job


@pytest.fixture
def client() -> Client:
    return signed_in(make_user("administrator"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_every_encoding_that_spreadsheets_write(encoding: str, delimiter: str) -> None:
    text = (
        delimiter.join(["姓名", "邮箱", "备注"])
        + "\r\n"
        + delimiter.join(["王芳", "fang@yunfan.example", "新"])
        + "\r\n\r\n"
    )
    found = read_staff(text.encode(encoding))
    assert found.rows == [{"name": "王芳", "email": "fang@yunfan.example"}]
    assert found.ignored == ["备注"]


def test_xlsx_is_read_and_phone_numbers_stay_whole() -> None:
    found = read_staff(xlsx(["Email", " full NAME ", "Phone"], ["a@yunfan.example", "Ann", 13900000001]))
    assert found.rows == [{"email": "a@yunfan.example", "name": "Ann", "phone": "13900000001"}]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n ,\n",
        b"Name,Phone\nAnn,1\n",
        b"Name,Email,mail\nAnn,a@b.example,c@d.example\n",
        b"PK\x03\x04 no archive",
        b"\xff\xff\xff\xff\x80",
        b'Name,Email\n"' + b"x" * 200_000,
        ("Name,Email\n" + "A,a@b.example\n" * (MAX_ROWS + 1)).encode(),
        b"x" * (5 * 1024 * 1024 + 1),
    ],
)
def test_what_cannot_be_read_says_why(content: bytes, client: Client) -> None:
    with pytest.raises(Invalid):
        read_staff(content)
    assert check(client, content).status_code == 422


def test_rows_without_people_are_no_file(client: Client) -> None:
    assert check(client, b"Name,Email\n").status_code == 422


def test_the_dry_run_says_what_each_row_does_and_stores_nothing(client: Client) -> None:
    known = make_user("agent", name="Known", email="known@yunfan.example")
    same = make_user("agent", name="Same", email="same@yunfan.example")
    department = structure.create_department(
        actor=SYSTEM, values={"name": both("Support", "客服部"), "parent": make_department()}
    )
    team = make_team(name=both("Night shift", "夜班"))
    before = User.objects.count()
    lines = [
        ["Name", "Email", "Department", "Teams", "Roles", "Language", "Time zone"],
        [
            "New",
            "NEW@yunfan.example",
            f"{department.parent.name} / 客服部",
            "夜班、night shift",
            "客服, Supervisor",
            "中文",
            "Europe/Berlin",
        ],
        ["Renamed", known.email, "", "", "", "", ""],
        ["Same", same.email, "", "", "", "", ""],
        ["Twice", "new@yunfan.example", "", "", "", "", ""],
        ["", "noname@yunfan.example", "", "", "", "", ""],
        ["Bad", "no address", "", "", "", "", ""],
        ["Lost", "lost@yunfan.example", "Atlantis", "", "", "", ""],
        ["Lost", "lost2@yunfan.example", "", "Nowhere", "", "", ""],
        ["Lost", "lost3@yunfan.example", "", "", "King", "", ""],
        ["Lost", "lost4@yunfan.example", "", "", "", "Klingon", ""],
        ["Lost", "lost5@yunfan.example", "", "", "", "", "Mars/Olympus"],
    ]
    page = check(client, xlsx(*lines), "staff.xlsx")
    plans = [planned for _number, _row, planned in page.context["lines"]]
    assert [planned.outcome for planned in plans] == ["create", "update", "same", *["skip"] * 8]
    assert all(planned.reason for planned in plans if planned.outcome == "skip")
    assert plans[1].changed and User.objects.count() == before
    job = bring_in(client, xlsx(*lines), send_mail="on")
    new = User.objects.get(email="new@yunfan.example")
    assert (new.department, list(new.teams.all()), new.language, new.timezone) == (
        department,
        [team],
        "zh-hans",
        "Europe/Berlin",
    )
    assert set(new.roles.values_list("key", flat=True)) == {"agent", "supervisor"}
    assert User.objects.get(pk=known.pk).name == "Renamed"
    assert User.objects.get(pk=known.pk).roles.get().key == "agent", "an empty cell keeps what is there"
    assert [mail.to_email for mail in OutgoingMail.objects.all()] == [new.email]
    assert (job.result["counts"], job.skipped_count) == ({"create": 1, "update": 1, "same": 1}, 8)


def test_a_file_may_be_sent_again_and_invitations_may_be_left_out(client: Client) -> None:
    people = [[f"Person {number}", f"p{number}@yunfan.example"] for number in range(BATCH + 3)]
    content = csv_file(["Name", "Email"], people)
    assert bring_in(client, content).result["counts"] == {"create": BATCH + 3}
    assert bring_in(client, content).result["counts"] == {"same": BATCH + 3}
    assert not OutgoingMail.objects.exists()


def test_rows_left_out_come_back_as_a_file_that_can_be_corrected(client: Client) -> None:
    content = csv_file(["姓名", "邮箱", "手机"], [["=1+1", "wrong", "+86 139"], ["Ok", "ok@yunfan.example", "1"]])
    job = bring_in(client, content)
    page = client.get(reverse("console:staff_import_detail", args=[job.pk])).content.decode()
    url = reverse("console:staff_import_errors", args=[job.pk])
    assert url in page
    response = client.get(url)
    lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert job.params["rows"] == [], "who came in is not kept a second time"
    assert len(lines) == 2 and lines[1][0] == "'=1+1" and lines[1][-1]
    again = read_staff(response.content.replace(b"wrong", b"right@yunfan.example"))
    assert again.rows == [{"name": "=1+1", "email": "right@yunfan.example", "phone": "+86 139"}]


def test_nobody_gives_by_file_what_they_do_not_hold() -> None:
    client = signed_in(staff_with("console.manage_staff"))
    boss = make_user("administrator")
    content = csv_file(
        ["Name", "Email", "Roles"],
        [
            ["Eve", "eve@yunfan.example", "Administrator"],
            ["Mallory", boss.email, ""],
            ["Bob", "bob@yunfan.example", ""],
        ],
    )
    plans = [planned.outcome for _number, _row, planned in check(client, content).context["lines"]]
    assert plans == ["skip", "skip", "create"]


def test_rights_taken_away_meanwhile_stop_the_rest(client: Client) -> None:
    page = check(client, csv_file(["Name", "Email", "Roles"], [["Eve", "eve@yunfan.example", "Administrator"]]))
    client.post(f"{IMPORT}start/", {"rows": page.context["form"].initial["rows"]})
    job = Job.objects.get(kind=KIND)
    narrow = Role.objects.create(name=both("Narrow"), permissions=["console.manage_staff"], scopes={})
    job.owner.roles.set([narrow])
    runners.run(job.pk)
    job.refresh_from_db()
    assert job.skipped_count == 1 and not User.objects.filter(email="eve@yunfan.example").exists()


def test_only_what_was_shown_to_oneself_is_done(client: Client) -> None:
    page = check(client, csv_file(["Name", "Email"], [["Ann", "ann@yunfan.example"]]))
    token = page.context["form"].initial["rows"]
    other = signed_in(make_user("administrator"))
    for sender, rows in ((other, token), (client, token[:-2]), (client, ""), (client, "\x00")):
        assert sender.post(f"{IMPORT}start/", {"rows": rows}).status_code == 422
    assert not Job.objects.filter(kind=KIND).exists()


def test_the_example_file_is_understood_and_the_list_leads_here(client: Client) -> None:
    found = read_staff(client.get(f"{IMPORT}example.csv").content)
    assert found.rows and not found.ignored
    assert IMPORT in client.get(reverse("console:user_list")).content.decode()
    assert (
        IMPORT not in signed_in(staff_with("console.view_settings")).get(reverse("console:user_list")).content.decode()
    )
