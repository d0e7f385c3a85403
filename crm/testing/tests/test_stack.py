"""The fixtures that run everything: processes come and go as asked, pages open, mail arrives."""

import smtplib
import urllib.request
from email.message import EmailMessage

import pytest
import redis
from django.conf import settings
from django.contrib.auth import get_user_model

from crm.celery import app
from crm.testing.smtp import SmtpSink


def test_processes_stop_and_come_back(stack):
    assert urllib.request.urlopen(f"{stack.url}/healthz").status == 200
    assert get_user_model().objects.count() >= 0
    stack.kill_worker()
    assert not app.control.ping(timeout=0.3)
    redis.Redis.from_url(settings.REDIS_URL).set("left", "behind")
    stack.flush_redis()
    assert redis.Redis.from_url(settings.REDIS_URL).get("left") is None
    stack.start_worker()
    assert app.control.ping(timeout=1)
    stack.stop_scheduler()
    assert not stack.is_running("scheduler")
    stack.start_scheduler()
    assert stack.is_running("scheduler")


def test_mail_sink_collects_and_refuses():
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "你好", "help@example.test", "li@example.test"
    message.set_content("正文")
    sink = SmtpSink()
    sink.start()
    try:
        with smtplib.SMTP("127.0.0.1", sink.port) as client:
            client.send_message(message)
            sink.refuse_with = "451 later"
            with pytest.raises(smtplib.SMTPDataError):
                client.send_message(message)
    finally:
        sink.stop()
    assert sink.wait_for(lambda mail: mail["Subject"] == "你好").get_content().strip() == "正文"
    assert len(sink.sent_to("li@example.test")) == 1


@pytest.mark.browser
def test_pages_open_in_the_browser(page, live_server):
    page.goto(f"{live_server.url}/healthz")
    assert page.locator("body").inner_text()


@pytest.mark.browser
@pytest.mark.console_errors_expected
def test_script_errors_are_noticed(new_page):
    page = new_page(language="zh-CN", size=(390, 844), dark=True)
    page.set_content("<script>undefinedFunction()</script>")
    assert page.evaluate("navigator.language") == "zh-CN"
    assert any("undefinedFunction" in error for error in new_page.errors)
