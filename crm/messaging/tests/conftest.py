"""A declared template, and a mail server on loopback."""

from __future__ import annotations

import pytest

from crm.messaging.declarations import MailTemplateDeclaration, mail_templates
from crm.testing.gateway import gateway
from crm.testing.smtp import SmtpSink

DECLARED = MailTemplateDeclaration(
    key="test.received",
    label="Ticket received",
    placeholders={"ticket.number": "Number", "contact.name": "Name", "ticket.link": "Tracking link", "text": "Text"},
    subject={"en": "We have got {{ticket.number}}", "zh-hans": "已收到工单 {{ticket.number}}：{{text}}"},
    body={
        "en": "Dear {{contact.name}},\n\nSee https://help.example/rules.\nFollow it: {{ticket.link}}\n\n{{text}}",
        "zh-hans": "{{ contact.name }}，您好：\n\n查看进度：{{ticket.link}}\n\n{{text}}\n\n{{unknown}}",
    },
    sms={"en": "{{text}}\n{{ticket.link}}", "zh-hans": "【{{brand.name}}】{{text}}\n{{ticket.link}}"},
    sms_shortens="text",
)


@pytest.fixture(autouse=True)
def declared(monkeypatch):
    monkeypatch.setitem(mail_templates._entries, DECLARED.key, DECLARED)
    return DECLARED


@pytest.fixture
def smtp(settings):
    sink = SmtpSink()
    sink.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_TIMEOUT = 5
    yield sink
    sink.stop()


@pytest.fixture
def fake(settings):
    with gateway() as running:
        settings.SMS, settings.SMS_TIMEOUT = running.settings, 2
        yield running
