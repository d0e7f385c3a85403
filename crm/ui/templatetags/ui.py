"""Template tags of the interface. A builtin: no `{% load %}` is needed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms, template
from django.http import QueryDict
from django.template.base import Node, NodeList, Parser, Token
from django.template.context import Context
from django.urls import reverse
from django.utils.html import json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from crm.core import sockets

from .. import html

register = template.Library()


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """`{% icon "ticket" %}`, `{% icon "x" "icon-sm" %}`: decorative, so name the control elsewhere."""
    return html.icon(name, extra)


@register.simple_tag
def badge(text: object, tone: str = "neutral", icon: str = "", hint: object = "") -> SafeString:
    """`{% badge status.label status.tone icon="reply" hint=reason %}`."""
    return html.badge(text, tone, icon, hint)


@register.simple_tag
def avatar(subject: Any, size: str = "", company: bool = False, key: object = None) -> SafeString:
    """`{% avatar user %}`, `{% avatar customer size="xl" company=True %}`, `{% avatar "Li Lei" key=contact.pk %}`."""
    return html.avatar(subject, size=size, company=company, key=key)


@register.simple_tag
def who(subject: Any) -> SafeString:
    """Avatar and name; `--` when there is nobody."""
    return html.who(subject)


@register.simple_tag(takes_context=True)
def ago(context: Context, value: dt.datetime | None, short: bool = False) -> SafeString:
    """`{% ago ticket.updated_at %}`: relative for 24 h unless the reader wants absolute times."""
    ui = getattr(context.get("request"), "ui", None)
    return html.time(value, short=short, always_absolute=bool(ui and ui.absolute_time))


@register.filter
def exact(value: dt.datetime | None) -> str:
    """The whole moment with its zone."""
    return html.exact(value) if value else html.EMPTY


@register.filter
def duration(seconds: float | None) -> str:
    """`{{ seconds|duration }}` → "2 h 10 m"."""
    return html.duration(seconds)


@register.filter
def number_short(value: Any) -> str:
    """`{{ total|number_short }}` → "12.3K", "1.2 万"; put the whole figure in the title."""
    return html.number_short(value)


@register.filter
def dash(value: Any) -> Any:
    """The value, or `--` when it is empty; zero stays zero."""
    return html.EMPTY if value is None or value == "" else value


@register.filter
def lang_of(text: object) -> SafeString:
    """`<p{{ body|lang_of }}>`: a lang attribute where the text is in another language than the page."""
    return html.lang_attribute(text or "")


@register.filter
def times(count: int) -> range:
    """`{% for i in 4|times %}`."""
    return range(int(count))


@register.filter
def share(part: float | None, whole: float | None) -> int:
    """Whole per cent of part in whole, 0 to 100, for bars and meters."""
    return max(0, min(100, round(100 * float(part or 0) / float(whole)))) if whole else 0


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """`{% query page=2 %}`: the address's query string with changes; None drops a key, a list repeats it."""
    request = context.get("request")
    params = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for key, value in changes.items():
        if value is None or value == "":
            params.pop(key, None)
        elif isinstance(value, (list, tuple)):
            params.setlist(key, [str(item) for item in value])
        else:
            params[key] = str(value)
    text = params.urlencode()
    return mark_safe(f"?{text}".replace("&", "&amp;")) if text else "?"


@register.simple_tag(takes_context=True)
def can(context: Context, permission: str) -> bool:
    """`{% can "tickets.reply" as may_reply %}`: whether the reader holds the permission."""
    request = context.get("request")
    actor = getattr(request, "actor", None)
    return bool(actor is not None and actor.can(permission))


class CaptureNode(Node):
    """Renders its content once and keeps it under a name for the rest of the page."""

    def __init__(self, name: str, nodelist: NodeList):
        self.name, self.nodelist = name, nodelist

    def render(self, context: Context) -> SafeString:
        context.dicts[0][self.name] = mark_safe(self.nodelist.render(context).strip())
        return mark_safe("")


@register.tag
def capture(parser: Parser, token: Token) -> CaptureNode:
    """`{% capture page_title %}{% block title %}{% endblock %}{% endcapture %}`: one block shown in two places."""
    _tag, name = token.split_contents()
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return CaptureNode(name, nodelist)


@register.simple_tag
def chart_data(data: Any, chart_id: str) -> SafeString:
    """The JSON that js/charts.js draws, as a script element that the browser does not run."""
    return json_script(data, f"{chart_id}-data")


@register.filter
def get_item(mapping: Any, key: Any) -> Any:
    """`{{ request.GET|get_item:name }}`."""
    return mapping.get(key) if mapping is not None else None


@register.inclusion_tag("ui/components/filter_field.html")
def filter_field(field: Any, quick: bool = False) -> dict[str, Any]:
    """A filter's control. quick: stands in the bar, so its label is inside it; several choices become a menu."""
    widget = field.field.widget
    is_multiple = isinstance(widget, (forms.SelectMultiple, forms.CheckboxSelectMultiple))
    context = {
        "field": field,
        "quick": quick,
        "is_multiple": is_multiple,
        "is_select": isinstance(widget, forms.Select),
    }
    if is_multiple or isinstance(widget, forms.Select):
        value = field.value()
        chosen = {
            str(item) for item in (value if isinstance(value, (list, tuple)) else [value]) if item not in (None, "")
        }
        options = [(str(key), label, str(key) in chosen) for key, label in widget.choices]
        context |= {"options": [option for option in options if option[0]], "chosen": len(chosen)}
    return context


@register.filter
def list_of(text: str) -> list[str]:
    """`{{ "25,50,100"|list_of }}`: a list written in a template."""
    return [part.strip() for part in text.split(",")]


@register.filter
def legend_of(data: dict[str, Any]) -> list[tuple[str, str]]:
    """Name and colour class of each series, by the rule that js/charts.js draws by."""
    entries, free = [], 0
    for series in data["series"]:
        tone = series.get("tone", "")
        if series.get("colour"):
            entries.append((series["name"], f"c{series['colour']}"))
        elif tone == "muted":
            entries.append((series["name"], "c7"))
        elif tone:
            entries.append((series["name"], f"is-tone tone-{tone}"))
        else:
            free += 1
            entries.append((series["name"], f"c{(free - 1) % 7 + 1}"))
    return entries


@register.filter
def problem(field: Any, error: object) -> str:
    """An error's words. "This field is required" says nothing at the top of a form: it names the field instead."""
    if str(error) != str(forms.Field.default_error_messages["required"]):
        return str(error)
    widget, label = field.field.widget, field.label
    if isinstance(widget, forms.CheckboxInput):
        return _("Tick “%(label)s” to go on") % {"label": label}
    if isinstance(widget, (forms.Select, forms.RadioSelect, forms.ClearableFileInput)):
        return _("Choose an answer for “%(label)s”") % {"label": label}
    return _("Fill in “%(label)s”") % {"label": label}


@register.filter
def subject_url(entry: Any, record: Any) -> str:
    """Where a timeline entry about another record leads; "" on that record's own page."""
    kind = sockets.kinds.get(entry.subject_kind)
    if kind is None or not kind.url_name or record is None or record._meta.label == kind.model:
        return ""
    value = entry.subject_id if kind.url_field == "pk" else entry.data.get(kind.url_field)
    return reverse(kind.url_name, args=[value]) if value else ""
