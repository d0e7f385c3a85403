"""How a resource describes itself in OpenAPI: everything is read from its declaration, nothing is written twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import django_filters as df
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from crm.core.problems import MEDIA_TYPE
from crm.core.sockets import kinds
from crm.ui.generic.custom_filters import custom_filters

from .fields import Out
from .pages import DEFAULT_LIMIT, MAX_LIMIT

PREFIX = "crm.integrations.rest.fields"
_TEXT: dict[str, Any] = {"type": "string"}


class FaultOut(Out):
    """One value that is to blame: of the body, of the address or of a header."""

    pointer = serializers.CharField(required=False, help_text="JSON pointer into the body, such as #/lines/1/quantity.")
    parameter = serializers.CharField(required=False)
    header = serializers.CharField(required=False)
    detail = serializers.CharField()


class Problem(Out):
    """What every refusal looks like (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="For machines; stays the same in every language.")
    detail = serializers.CharField(help_text="A sentence in the language of Accept-Language.")
    errors = FaultOut(many=True, help_text="The values that are to blame.")
    permission = serializers.CharField(required=False, help_text="The right that is missing, of a 403.")


class Described(AutoSchema):
    """Reads the declaration of a `Resource`."""

    @property
    def verb(self) -> Any:
        return self.view.verbs.get(self.view.action)

    def get_operation_id(self) -> str:
        return f"{self.view.kind}_{'update' if self.view.action == 'partial_update' else self.view.action}"

    def get_tags(self) -> list[str]:
        return [str(kinds[self.view.kind].label_plural)]

    def get_summary(self) -> str:
        if self.verb is not None:
            return str(self.verb.summary)
        one, many = kinds[self.view.kind].label, kinds[self.view.kind].label_plural
        names = {"one": one, "many": many}
        sentences = {
            "list": _("List: %(many)s") % names,
            "retrieve": _("Read one: %(one)s") % names,
            "create": _("Create: %(one)s") % names,
            "partial_update": _("Change: %(one)s") % names,
        }
        return sentences[self.view.action]

    def get_description(self) -> str:
        needed = self.needed()
        return _("Needs the right “%(right)s”.") % {"right": needed} if needed else ""

    def needed(self) -> str:
        """The permission of this operation."""
        if self.verb is not None:
            return self.verb.permission or self.view.permission
        own = {"create": self.view.create_permission, "partial_update": self.view.update_permission}
        return own.get(self.view.action) or self.view.permission

    def get_request_serializer(self) -> Any:
        if self.verb is not None:
            return self.verb.asks
        return {"create": self.view.creates, "partial_update": self.view.updates}.get(self.view.action)

    def get_response_serializers(self) -> Any:
        verb, out = self.verb, self.view.out
        many = self.view.action == "list" or (verb is not None and verb.is_part)
        gives = out if verb is None or verb.gives is None else verb.gives
        status = 201 if self.view.action == "create" else verb.status if verb is not None else 200
        found: dict[Any, Any] = {status: self._page(gives) if many else gives}
        for code, text in refusals(self.method, many):
            found[code, MEDIA_TYPE] = OpenApiResponse(Problem, text)
        return found

    def _is_list_view(self, serializer: Any = None) -> bool:
        """A page is described as a whole: nothing is to be made an array of."""
        return False

    def _page(self, out: Any) -> Any:
        items = self.resolve_serializer(out, "response").ref
        following = {"type": "string", "format": "uri", "nullable": True, "description": _("Null on the last page.")}
        body = {
            "type": "object",
            "required": ["next", "results"],
            "properties": {"next": following, "results": {"type": "array", "items": items}},
        }
        return OpenApiResponse(body, _("A page"))

    def get_override_parameters(self) -> list[Any]:
        if self.view.action == "list":
            return [*_paging(list(self.view.orders)), *_filters(self.view)]
        if self.verb is not None and self.verb.is_part:
            return [each for each in _paging([]) if each.name in {"limit", "cursor", "updated_since"}]
        if self.view.action == "retrieve":
            return [_fields()]
        header = OpenApiParameter.HEADER
        if self.view.action == "partial_update":
            text = _("The ETag you read; a record that changed since is refused with 409.")
            return [OpenApiParameter("If-Match", _TEXT, header, description=text)]
        text = _("The same key with the same body gives the first answer again, for 48 hours.")
        return [OpenApiParameter("Idempotency-Key", {"type": "string", "maxLength": 200}, header, description=text)]

    def _get_serializer_name(self, serializer: Any, direction: Any, bypass_extensions: bool = False) -> str:
        name: str = super()._get_serializer_name(serializer, direction, bypass_extensions)
        return name.removeprefix("Patched").removesuffix("Out")


def refusals(method: str, many: bool) -> Iterator[tuple[int, str]]:
    """The codes an operation may refuse with, and why."""
    yield 400, _("A name or value does not fit")
    yield 401, _("No token, or one that does not work")
    yield 403, _("The right is missing; “permission” names it")
    if not many:
        yield 404, _("Not there, or outside your data scope")
    if method != "GET":
        yield 409, _("It has changed meanwhile, its state does not admit this, or the Idempotency-Key came before")
        yield 413, _("The body is too large")
        yield 415, _("The body is no JSON")
        yield 422, _("A rule of the product forbids it")
    yield 429, _("Too many calls; Retry-After says how many seconds to wait")


def _paging(orders: list[str]) -> list[OpenApiParameter]:
    limit = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}
    names = [name for order in orders for name in (order, f"-{order}")]
    return [
        OpenApiParameter("limit", limit, description=_("Records on a page")),
        OpenApiParameter("cursor", _TEXT, description=_("Where a page begins; “next” brings it")),
        OpenApiParameter("ordering", {"type": "string", "enum": names}, description=_("“-” before it: descending")),
        OpenApiParameter("q", _TEXT, description=_("Search, as on the page")),
        OpenApiParameter(
            "updated_since", {"type": "string", "format": "date-time"}, description=_("Changed at this moment or later")
        ),
        _fields(),
    ]


def _fields() -> OpenApiParameter:
    return OpenApiParameter("fields", _TEXT, description=_("Only these, separated by commas"))


def _filters(view: Any) -> Iterator[OpenApiParameter]:
    page = view.declared_page()
    if page.filterset is None:
        return
    for name, item in {**page.filterset.base_filters, **custom_filters(page.key)}.items():
        suffixes = getattr(item.field_class.widget, "suffixes", None) or [""]
        for suffix in suffixes:
            named = f"{name}_{suffix}" if suffix else name
            yield OpenApiParameter(named, _schema_of(item), description=str(item.label or name))


def _schema_of(item: Any) -> dict[str, Any]:
    """The OpenAPI type of a filter; choices that rows of the database decide are not listed."""
    choices = item.extra.get("choices", ())
    listed = [str(value) for value, _label in choices] if isinstance(choices, list | tuple) else []
    one: dict[str, Any] = {"type": "string", **({"enum": listed} if listed else {})}
    if isinstance(item, df.MultipleChoiceFilter):
        return {"type": "array", "items": one}
    if isinstance(item, df.BooleanFilter):
        return {"type": "string", "enum": ["true", "false"]}
    if isinstance(item, df.NumberFilter):
        return {"type": "number"}
    return one


class _Bearer(OpenApiAuthenticationExtension):
    target_class = "crm.integrations.rest.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> Any:
        return {"type": "http", "scheme": "bearer"}


class _Fixed(OpenApiSerializerFieldExtension):
    """Fields whose JSON is the same wherever they stand."""

    target_class = f"{PREFIX}.MomentField"
    shape: Any = {"type": "string", "format": "date-time"}

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> Any:
        return dict(self.shape)


class _Name(_Fixed):
    target_class = f"{PREFIX}.NameField"
    shape = _TEXT


class _Money(_Fixed):
    target_class = f"{PREFIX}.MoneyField"
    shape = {
        "type": "object",
        "nullable": True,
        "required": ["amount", "currency"],
        "properties": {"amount": {"type": "string", "example": "128.00"}, "currency": {"type": "string"}},
    }


class _Tags(_Fixed):
    target_class = f"{PREFIX}.TagsField"
    shape = {"type": "array", "maxItems": 20, "items": {"type": "string", "maxLength": 40}}


class _Custom(_Fixed):
    target_class = f"{PREFIX}.CustomField"
    shape = {"type": "object", "additionalProperties": {}}


class _Code(_Fixed):
    target_class = f"{PREFIX}.CodeField"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> Any:
        return {"type": "string", "enum": self.target.names}


class _Row(_Fixed):
    target_class = f"{PREFIX}.RowField"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> Any:
        return dict(_TEXT) if self.target.text else {"type": "integer", "minimum": 1}


class _Translated(_Fixed):
    target_class = f"{PREFIX}.TranslatedTextField"
    shape = {"oneOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]}
