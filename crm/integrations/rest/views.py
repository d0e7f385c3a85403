"""The shape of every resource: a subclass says what its records look like and which actions change them.

Rows come from `visible_to`, filters and search from the list of the pages, writes go through actions: the API can do
what the pages can, no more and no less.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from crm.core.actor import Actor
from crm.core.errors import Conflict, Invalid
from crm.core.limits import Left
from crm.fields.tags import with_names
from crm.jobs import idempotency
from crm.ui.lists import ListPage, lists

from ..exceptions import ChangedMeanwhile, KeyReused
from . import querying
from .authentication import TokenAuthentication, caller
from .describing import Described
from .errors import IDEMPOTENCY_KEY, answer
from .fields import In, Out
from .pages import Page, page_of
from .parsing import JsonOnly, SafeJSONParser, check_size
from .verbs import Verb


class ApiView(ViewSet):
    """What every address shares: who calls, how often, in which form. authentication before anything is read."""

    authentication_classes = (TokenAuthentication,)
    permission_classes = ()
    parser_classes = (SafeJSONParser,)
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = JsonOnly
    schema = Described()
    #: What the limit of the token still admits; None before it was asked.
    left: Left | None = None

    @classmethod
    def as_view(cls, actions: Any = None, **initkwargs: Any) -> Any:
        view = super().as_view(actions, **initkwargs)
        view.permission = getattr(cls, "permission", "")
        return view

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        timezone.activate(dt.UTC)  # the middleware that set the reader's zone takes this back too
        self.check_size(request)
        super().initial(request, *args, **kwargs)
        if request.auth is not None:
            self.left = querying.count(request.auth)

    def check_size(self, request: Any) -> None:
        """Raises `TooLarge` before anything of a body is read."""
        check_size(request)

    def get_exception_handler(self) -> Callable[..., Response | None]:
        return answer

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["Vary"] = "Accept-Language, Authorization"
        if self.left is not None:
            response["RateLimit-Limit"] = str(self.left.limit)
            response["RateLimit-Remaining"] = str(self.left.remaining)
            response["RateLimit-Reset"] = str(self.left.reset_seconds)
        elif "Retry-After" in response:
            response["RateLimit-Limit"] = str(settings.API_PER_MINUTE)
            response["RateLimit-Remaining"] = "0"
            response["RateLimit-Reset"] = response["Retry-After"]
        return response

    @cached_property
    def actor(self) -> Actor:
        return caller(self.request)

    def require(self, permission: str) -> None:
        """Raises `NotAllowed` where the caller lacks the permission; "" asks for none."""
        if permission:
            self.actor.require(permission)

    def given(self, form: type[In], *, partial: bool = False) -> dict[str, Any]:
        """The checked body. Raises `ValidationError`."""
        checked = form(data=self.request.data, partial=partial, context={"actor": self.actor})
        checked.is_valid(raise_exception=True)
        return dict(checked.validated_data)

    def once(self, run: Callable[[], Response], body: Any = None) -> Response:
        """Runs in one transaction; the same Idempotency-Key gives the first answer again.

        body: what must be the same then, by default the JSON that came. The key's row comes first, so that a rival
        waits for this transaction. Raises `KeyReused`.
        """
        key = self.request.headers.get(IDEMPOTENCY_KEY, "").strip()
        if not key:
            with transaction.atomic():
                return run()
        if len(key) > 200 or not key.isprintable():
            raise ValidationError({IDEMPOTENCY_KEY: [_("Send at most 200 printable characters.")]})
        place = {"route": f"api {self.request.path}"[:80], "actor": f"token:{self.request.auth.pk}", "key": key}
        with transaction.atomic():
            try:
                earlier = idempotency.begin(**place, body=self.request.data if body is None else body)
            except Conflict as error:
                raise KeyReused from error
            if earlier is not None:
                headers = {"Idempotency-Replayed": "true"}
                return Response(earlier.answer["body"], status=earlier.answer["status"], headers=headers)
            response = run()
            idempotency.finish(**place, answer={"status": response.status_code, "body": plain(response.data)})
            return response


class Resource(ApiView):
    """One kind of record at /api/v1/<path>/.

    kind: its Kind key. lookup: the column that names a record in an address. page: the list whose filters and search it
    takes, by default the one registered for the kind. out: how a record looks. creates, updates: what POST and PATCH
    take, with `perform_create` and `perform_update`. orders: name → column without NULL; the first is the default,
    descending. permission: to read, "" for what every colleague may know.
    """

    kind: ClassVar[str]
    key: ClassVar[str]
    path: ClassVar[str]
    permission: ClassVar[str]
    order: ClassVar[int] = 50
    lookup: ClassVar[str] = "number"
    page: ClassVar[ListPage | None] = None
    out: ClassVar[type[Out]]
    creates: ClassVar[type[In] | None] = None
    updates: ClassVar[type[In] | None] = None
    create_permission: ClassVar[str] = ""
    update_permission: ClassVar[str] = ""
    orders: ClassVar[Mapping[str, str]] = {"created": "created_at", "updated": "updated_at"}
    changed_column: ClassVar[str] = "updated_at"
    verbs: ClassVar[dict[str, Verb]] = {}
    #: 200 where a creation found the record there already; set by `perform_create`.
    created_status = 201

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Turns marked methods into handlers of requests."""
        super().__init_subclass__(**kwargs)
        cls.key = getattr(cls, "kind", "")
        cls.verbs = dict(cls.verbs)
        for name, method in list(vars(cls).items()):
            declared: Verb | None = getattr(method, "declared", None)
            if declared is not None:
                cls.verbs[name] = declared
                setattr(cls, name, _part_handler(method) if declared.is_part else _verb_handler(method, declared))

    # What a subclass extends.

    @classmethod
    def prepared(cls, rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
        """Rows with everything that their representation reads."""
        return rows

    def perform_create(self, values: dict[str, Any]) -> Any:
        """Calls the action that makes a record."""
        raise NotImplementedError

    def perform_update(self, row: Any, values: dict[str, Any]) -> Any:
        """Calls the actions that change a record."""
        raise NotImplementedError

    # What the product asks of every resource.

    @classmethod
    def declared_page(cls) -> ListPage:
        return cls.page or lists[cls.kind]

    @classmethod
    def model(cls) -> type[Model]:
        return cls.declared_page().model

    @classmethod
    def full(cls, rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
        """Rows ready to be shown, tags included."""
        return with_names(cls.kind, cls.prepared(rows, actor))  # type: ignore[no-any-return]

    @classmethod
    def representation(cls, actor: Actor, row: Any) -> Any:
        """The record as JSON, read anew with everything it shows; a record in the bin as it stands in its row."""
        fresh = cls.full(cls.model()._default_manager.filter(pk=row.pk), actor).first()
        return plain(cls.out(fresh or row, context={"actor": actor}).data)

    def row(self) -> Any:
        """The record of this address. Raises `NotFound`."""
        return self.model()._default_manager.all().fetch(self.actor, **{self.lookup: self.kwargs[self.lookup]})  # type: ignore[attr-defined]

    # The handlers.

    def list(self, request: Any, **kwargs: Any) -> Response:
        self.require(self.permission)
        asked = querying.read(self.declared_page(), self.actor, request.query_params, self.orders, self.changed_column)
        rows = self.full(asked.rows, self.actor)
        found = page_of(rows, order=asked.order, columns=self.orders, cursor=asked.cursor, limit=asked.limit)
        return self.answer_page(found, self.out, querying.fields_of(request.query_params, self.out))

    def retrieve(self, request: Any, **kwargs: Any) -> Response:
        self.require(self.permission)
        querying.only(request.query_params, {"fields"})
        data = self.representation(self.actor, self.row())
        wanted = querying.fields_of(request.query_params, self.out)
        return Response(_chosen(data, wanted), headers={"ETag": etag(data)})

    def create(self, request: Any, **kwargs: Any) -> Response:
        assert self.creates is not None
        self.require(self.create_permission)
        values = self.given(self.creates)

        def run() -> Response:
            row = self.perform_create(values)
            data = self.representation(self.actor, row)
            where = request.build_absolute_uri(f"/api/v1/{self.path}/{getattr(row, self.lookup)}/")
            return Response(data, status=self.created_status, headers={"Location": where, "ETag": etag(data)})

        return self.once(run)

    def partial_update(self, request: Any, **kwargs: Any) -> Response:
        assert self.updates is not None
        self.require(self.update_permission)
        values = self.given(self.updates, partial=True)
        with transaction.atomic():
            row = self.row()
            self.check_unchanged(row)
            changed = self.perform_update(row, values) if values else row
            self.must_see(changed or row)
            data = self.representation(self.actor, changed or row)
        return Response(data, headers={"ETag": etag(data)})

    def check_unchanged(self, row: Any) -> None:
        """With If-Match the record must still be what the caller read. Raises `ChangedMeanwhile`."""
        wanted = self.request.headers.get("If-Match", "").strip()
        if not wanted or wanted == "*":
            return
        type(row)._base_manager.select_for_update(of=("self",), no_key=True).get(pk=row.pk)
        if wanted.removeprefix("W/") != etag(self.representation(self.actor, row)):
            raise ChangedMeanwhile

    def must_see(self, row: Any) -> None:
        """Raises `Invalid`, which undoes the change, when the record has left the caller's set."""
        if not self.model()._default_manager.all().visible_to(self.actor).filter(pk=row.pk).exists():  # type: ignore[attr-defined]
            raise Invalid(
                _("With these values you would no longer see this record. Choose values within your data scope.")
            )

    def answer_page(self, found: Page, out: type[Out], fields: set[str] | None = None) -> Response:
        """Rows with the address of the next page."""
        shown = out(found.rows, many=True, context={"actor": self.actor}).data
        results = [_chosen(row, fields) for row in shown]
        following = None
        if found.cursor:
            query = self.request.query_params.copy()
            query["cursor"] = found.cursor
            following = self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")
        return Response({"next": following, "results": results})


def _verb_handler(method: Callable[..., Any], declared: Verb) -> Callable[..., Response]:
    def handler(self: Resource, request: Any, **kwargs: Any) -> Response:
        self.require(declared.permission)
        values = self.given(declared.asks) if declared.asks is not None else {}

        def run() -> Response:
            result = method(self, self.row(), values)
            if declared.gives is None:
                return Response(self.representation(self.actor, result), status=declared.status)
            return Response(declared.gives(result, context={"actor": self.actor}).data, status=declared.status)

        return self.once(run)

    handler.__name__, handler.__doc__ = method.__name__, method.__doc__
    return handler


def _part_handler(method: Callable[..., Any]) -> Callable[..., Response]:
    def handler(self: Resource, request: Any, **kwargs: Any) -> Response:
        self.require(self.permission)
        rows, limit, cursor = querying.turn(request.query_params, method(self, self.row()))
        found = page_of(rows, order="id", columns={"id": "pk"}, cursor=cursor, limit=limit)
        return self.answer_page(found, self.verbs[method.__name__].gives)

    handler.__name__, handler.__doc__ = method.__name__, method.__doc__
    return handler


def _chosen(data: Any, fields: set[str] | None) -> Any:
    return data if fields is None else {name: value for name, value in data.items() if name in fields}


def plain(data: Any) -> Any:
    """Serialised data as plain JSON values."""
    return json.loads(JSONRenderer().render(data)) if data is not None else None


def etag(data: Any) -> str:
    """Changes with whatever the representation shows."""
    text = json.dumps(data, sort_keys=True, default=str)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'
