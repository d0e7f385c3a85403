"""The whole wizard in Chinese with a file as Excel in China saves it: file, columns, check, import, undo."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from crm.core.seeding import seed
from crm.exchange.models import Import
from crm.exchange.tests.builders import csv_of, importer_user
from crm.jobs import runners
from crm.testing import axe
from customers.models import Customer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def look(page: Any) -> None:
    """Nothing wider than the window, nothing for axe to find."""
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert axe.violations(page) == []


def work() -> None:
    """What a worker would do now."""
    runners.run(Import.objects.get().job_id)


def test_a_file_in_gbk_comes_in_and_goes_again(live_server, new_page, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    seed()
    client.force_login(importer_user(language="zh-hans"))
    page = new_page(language="zh-CN")
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    file = csv_of(
        ["客户名称", "联系人", "邮箱", "备注2"],
        ["苏州云帆设备有限公司", "王芳", "wang@yunfan.example", "x"],
        ["恒一精密", "李雷", "li.lei@hengyi", ""],
        encoding="gb18030",
    )

    page.goto(f"{live_server.url}/customers/")
    page.locator('a[href="/imports/new/customer/"]:visible').click()
    look(page)
    page.locator("[name=file]").set_input_files({"name": "客户.csv", "mimeType": "text/csv", "buffer": file.getvalue()})
    page.locator("form.app-form button.btn-primary").click()

    expect(page.locator("[name=column_0]")).to_have_value("name")
    expect(page.locator("[name=column_1]")).to_have_value("person")
    expect(page.locator("[name=column_3]")).to_have_value("")
    expect(page.get_by_text("苏州云帆设备有限公司")).to_be_visible()
    look(page)
    page.locator("form.app-form button.btn-primary").click()

    expect(page.locator("#import-progress")).to_be_visible()
    work()
    expect(page.locator("tbody tr")).to_have_count(1, timeout=20_000)
    expect(page.locator("tbody tr")).to_contain_text(re.compile("li.lei@hengyi"))
    assert not Customer.objects.filter(name="恒一精密").exists()
    look(page)
    page.locator('form[action$="/run/"] button').click()

    expect(page.locator("#import-progress")).to_be_visible()
    work()
    expect(page.get_by_role("link", name="苏州云帆设备有限公司")).to_be_visible(timeout=20_000)
    look(page)
    page.locator('a[href$="/undo/"]').click()
    page.locator("form.app-form button.btn-danger").click()
    work()
    expect(page.locator(".app-banner.tone-info")).to_contain_text("1", timeout=20_000)
    assert not Customer.objects.filter(name="苏州云帆设备有限公司").exists()
