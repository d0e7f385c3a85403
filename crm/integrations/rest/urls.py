"""/api/v1/: two addresses for each resource and one for each verb. Built once, when every app has declared its own."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, path

from . import documents, uploads
from .registry import resources
from .views import Resource

app_name = "api"


def addresses(resource: type[Resource]) -> Iterator[URLPattern]:
    """The addresses of one resource, named ticket_list, ticket_detail, ticket_reply."""
    name, lookup = resource.kind, resource.lookup
    many = {"get": "list", **({"post": "create"} if resource.creates else {})}
    one = {"get": "retrieve", **({"patch": "partial_update"} if resource.updates else {})}
    record = f"{resource.path}/<{'str' if lookup in {'code', 'key'} else 'int'}:{lookup}>/"
    yield path(f"{resource.path}/", resource.as_view(many), name=f"{name}_list")
    yield path(record, resource.as_view(one), name=f"{name}_detail")
    for handler, verb in resource.verbs.items():
        method = "get" if verb.is_part else "post"
        yield path(f"{record}{verb.name}/", resource.as_view({method: handler}), name=f"{name}_{handler}")


files = [
    path("uploads/", uploads.Uploads.as_view({"post": "create"}), name="upload_create"),
    path("attachments/<uuid:uid>/", uploads.Attachments.as_view({"get": "retrieve"}), name="attachment_detail"),
]
urlpatterns = [
    path("schema/", documents.schema, name="schema"),
    path("docs/", documents.docs, name="docs"),
    *files,
    *(address for resource in resources.everything() for address in addresses(resource)),
]
