"""From a template and values to a mail. Placeholders are a table look-up: no engine runs anybody's text."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.core.models import Brand
from crm.core.text import clean_line, clean_text
from crm.core.translated import Translated

from .declarations import MailTemplateDeclaration, mail_templates
from .models import MailTemplate
from .models.conversations import SUBJECT_LIMIT
from .sms.parts import Parts, parts_of

_PLACEHOLDER = re.compile(r"\{\{\s*([a-z][a-z0-9_.]*)\s*\}\}")
_BUTTON_LINE = re.compile(r"^(?P<label>[^{}]*?)[\s:：]*\{\{\s*(?P<name>[a-z][a-z0-9_.]*link)\s*\}\}$")
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"'（）()，。]+")
_IS_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"']+")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail ready to be queued."""

    subject: str
    text: str
    html: str


def check_placeholders(declared: MailTemplateDeclaration, text: str) -> None:
    """Raises `ValidationError` naming the placeholders that the template does not have."""
    check_known(declared.known, text)


def check_known(known: Container[str], text: str) -> None:
    """Raises `ValidationError` naming the placeholders of a text that are not known."""
    unknown = sorted({name for name in _PLACEHOLDER.findall(text) if name not in known})
    if unknown:
        names = ", ".join(f"{{{{{name}}}}}" for name in unknown)
        raise ValidationError(
            _("This template has no placeholder %(names)s. Choose one from the list."),
            params={"names": names},
        )


def render_template(key: str, *, brand: Brand, language: str, values: Mapping[str, str]) -> Rendered:
    """The mail in that language. A placeholder without a value stays as it is written.

    Values never become markup, header lines or links, except that a placeholder whose name ends in
    "link" is linked when it holds a web address; the first such one at the end of a line is the button.
    Raises `KeyError` for a template nobody declared.
    """
    subject, body = _wording(key)
    table = {
        "brand.name": brand.name.in_language(language),
        "brand.phone": brand.phone,
        **{name: clean_text(str(value)) for name, value in values.items()},
    }
    subject_line = clean_line(fill(subject.in_language(language), table), SUBJECT_LIMIT)
    source = _without_empty(clean_text(body.in_language(language)), table)
    with override(language):
        html = render_to_string(
            "mail/base.html",
            {
                "brand_name": table["brand.name"],
                "brand_phone": table["brand.phone"],
                "html_lang": "zh-Hans" if language.startswith("zh") else "en",
                "subject": subject_line,
                "paragraphs": list(_paragraphs(source, table)),
            },
        )
    return Rendered(subject_line, fill(source, table), html)


@dataclass(frozen=True, slots=True)
class RenderedSms:
    """A text message ready to be queued, and how many parts it is paid in. shortened: some of it was left out."""

    text: str
    parts: Parts
    shortened: bool = False


def render_sms(key: str, *, brand: Brand, language: str, values: Mapping[str, str]) -> RenderedSms | None:
    """The template as a text message in that language; None when it has no wording for one.

    The value named by `sms_shortens` loses its end where the whole would need more than `settings.SMS_MAX_PARTS`.
    Raises `KeyError` for a template nobody declared.
    """
    declared, row = mail_templates[key], MailTemplate.objects.filter(key=key).first()
    wording = clean_text((row.sms if row is not None else Translated(declared.sms)).in_language(language))
    if not wording:
        return None
    table = {
        "brand.name": brand.name.in_language(language),
        "brand.phone": brand.phone,
        **{name: clean_text(str(value)) for name, value in values.items()},
    }
    text = fill(wording, table)
    whole = table.get(declared.sms_shortens, "")
    if parts_of(text).count <= settings.SMS_MAX_PARTS or not whole:
        return RenderedSms(text, parts_of(text))
    keep, too_long = 0, len(whole)
    while too_long - keep > 1:
        length = (keep + too_long) // 2
        shorter = fill(wording, {**table, declared.sms_shortens: _cut(whole, length)})
        if parts_of(shorter).count <= settings.SMS_MAX_PARTS:
            keep = length
        else:
            too_long = length
    text = fill(wording, {**table, declared.sms_shortens: _cut(whole, keep)})
    return RenderedSms(text, parts_of(text), shortened=True)


def _cut(text: str, length: int) -> str:
    """The beginning of a text. Three full stops, since the single character would make a GSM text UCS-2."""
    return f"{text[:length].rstrip()}..."


def _wording(key: str) -> tuple[Translated, Translated]:
    """What an administrator wrote, else what the app declared."""
    declared = mail_templates[key]
    row = MailTemplate.objects.filter(key=key).first()
    if row is None:
        return Translated(declared.subject), Translated(declared.body)
    return row.subject, row.body


def fill(text: str, table: Mapping[str, str]) -> str:
    """Text with its placeholders looked up; one without a value stays as written.

    One pass, so that a value which looks like a placeholder is not looked up again.
    """
    return _PLACEHOLDER.sub(lambda match: table.get(match.group(1), match.group(0)), text)


def _without_empty(source: str, table: Mapping[str, str]) -> str:
    """The text without blocks that only hold placeholders for which there is nothing to say."""
    return "\n\n".join(block for block in re.split(r"\n{2,}", source) if fill(block, table).strip())


def _paragraphs(source: str, table: Mapping[str, str]) -> Iterator[SafeString]:
    """Blocks between blank lines as HTML; the first line that ends in a link becomes the button."""
    has_button = False
    for block in re.split(r"\n{2,}", source):
        lines: list[SafeString] = []
        for line in block.split("\n"):
            button = None if has_button else _button(line, table)
            has_button = has_button or button is not None
            lines.append(button or _html_line(line, table))
        yield format_html_join(mark_safe("<br>\n"), "{}", ((line,) for line in lines))


def _button(line: str, table: Mapping[str, str]) -> SafeString | None:
    match = _BUTTON_LINE.match(line.strip())
    address = table.get(match["name"], "") if match else ""
    if not match or not _IS_WEB_ADDRESS.fullmatch(address):
        return None
    return format_html('<a class="button" href="{}">{}</a>', address, match["label"].strip() or _("Open"))


def _html_line(line: str, table: Mapping[str, str]) -> SafeString:
    """The template's own web addresses are linked; a value is escaped text, linked only when it is a link."""
    parts: list[SafeString] = []
    at = 0
    for match in _PLACEHOLDER.finditer(line):
        parts += [_linked(line[at : match.start()]), _html_value(match, table)]
        at = match.end()
    return mark_safe("".join([*parts, _linked(line[at:])]))


def _html_value(match: re.Match[str], table: Mapping[str, str]) -> SafeString:
    value = table.get(match.group(1))
    if value is None:
        return conditional_escape(match.group(0))
    if match.group(1).endswith("link") and _IS_WEB_ADDRESS.fullmatch(value):
        return format_html('<a href="{}">{}</a>', value, value)
    return format_html_join(mark_safe("<br>\n"), "{}", ((line,) for line in value.split("\n")))


def _linked(text: str) -> SafeString:
    parts: list[SafeString] = []
    at = 0
    for match in _WEB_ADDRESS.finditer(text):
        address = match.group().rstrip(".,;:!?")
        parts += [
            conditional_escape(text[at : match.start()]),
            format_html('<a href="{}">{}</a>', address, address),
        ]
        at = match.start() + len(address)
    return mark_safe("".join([*parts, conditional_escape(text[at:])]))
