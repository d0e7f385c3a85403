"""The API keeps to its own description: each answer has the shape that the schema gives it. Files, too."""

from __future__ import annotations

import re
from typing import Any

import jsonschema
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from crm.files.models import Attachment, Upload
from crm.integrations.rest.registry import resources
from crm.integrations.tests.builders import Caller
from crm.planner.models import Task
from crm.testing.builders import make_team, make_user
from customers.models import Contact, Interaction
from sales.models import Opportunity
from sales.tests.lead_builders import make_lead
from tickets.tests.builders import make_agent, make_request_type, submit

from .test_api import blamed, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


class Description:
    """The OpenAPI document, read as JSON schemas that admit nothing they do not name."""

    def __init__(self) -> None:
        self.document = Client().get("/api/v1/schema/").json()
        self.checked: set[tuple[str, str, int]] = set()

    def check(self, method: str, path: str, answer: Any) -> Any:
        """The answer fits what the description says of that call and status."""
        where = "/api/v1" + re.sub(r"/[^/]*\d[^/]*/", "/{}/", f"/{path}")
        known = {re.sub(r"{\w+}", "{}", name): item for name, item in self.document["paths"].items()}
        said = known[where][method]["responses"]
        assert str(answer.status_code) in said, (method, path, answer.status_code, answer.content[:300])
        media, shape = next(iter(said[str(answer.status_code)]["content"].items()))
        assert answer["Content-Type"] == media, (method, path)
        if media != "application/octet-stream":
            jsonschema.validate(answer.json(), self.strict(shape["schema"]), cls=jsonschema.Draft202012Validator)
        self.checked.add((method, where, answer.status_code))
        return answer

    def strict(self, schema: Any) -> Any:
        """OpenAPI 3.0 as JSON schema: references in place, null where it is allowed, no other names."""
        if "$ref" in schema:
            return self.strict(self.document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]])
        found = dict(schema)
        if len(found.get("allOf", ())) == 1:
            found |= self.strict(found.pop("allOf")[0])
        for word in ("oneOf", "anyOf"):
            if word in found:
                found[word] = [self.strict(part) for part in found[word]]
        if "properties" in found:
            found["properties"] = {name: self.strict(part) for name, part in found["properties"].items()}
            found["additionalProperties"] = False
        if "items" in found:
            found["items"] = self.strict(found["items"])
        return {"anyOf": [found, {"type": "null"}]} if found.pop("nullable", False) else found


def test_every_list_record_part_and_refusal_has_the_shape_that_the_description_gives_it():
    make_world(2)
    described, caller = Description(), Caller(make_user("administrator"))
    for resource in resources:
        rows = described.check("get", f"{resource.path}/", caller.get(f"{resource.path}/")).json()["results"]
        assert rows, resource.kind
        for row in rows[:1]:
            one = f"{resource.path}/{row['id' if resource.lookup == 'pk' else resource.lookup]}/"
            described.check("get", one, caller.get(one))
            for verb in resource.verbs.values():
                if verb.is_part:
                    described.check("get", f"{one}{verb.name}/", caller.get(f"{one}{verb.name}/"))
                elif verb.asks is not None:
                    described.check("post", f"{one}{verb.name}/", caller.post(f"{one}{verb.name}/", {"odd": 1}))
            if resource.updates:
                described.check("patch", one, caller.patch(one, {}))
        since = caller.get(f"{resource.path}/", updated_since="2899-01-01T00:00:00Z", ordering="updated")
        assert since.status_code == 200 and since.json()["results"] == [], resource.kind
        if resource.creates:
            described.check("post", f"{resource.path}/", caller.post(f"{resource.path}/", {"odd": 1}))
        described.check("get", f"{resource.path}/", caller.get(f"{resource.path}/", limit="0"))
    assert len(described.checked) > 60


def send(caller: Caller, name: str, content: bytes, **headers: str) -> Any:
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return caller.client.post("/api/v1/uploads/", {"file": SimpleUploadedFile(name, content)}, headers=named)


def test_files_come_with_a_ticket_a_note_and_a_reply_and_are_read_with_the_token():
    described, team = Description(), make_team()
    caller, asked = Caller(make_agent(team)), make_request_type(team=team)
    first = described.check("post", "uploads/", send(caller, "log.txt", b"one", Idempotency_Key="k")).json()
    assert send(caller, "log.txt", b"one", Idempotency_Key="k").json() == first and Upload.objects.count() == 1
    assert send(caller, "log.txt", b"two", Idempotency_Key="k").status_code == 409
    ticket = caller.post(
        "tickets/",
        {"requester": {"name": "Li Na", "email": "li.na@example.test"}, "type": asked.key, "subject": "Broken",
         "description": "See the log.", "uploads": [first["token"]]},
    )  # fmt: skip
    assert ticket.status_code == 201, ticket.content
    where = f"tickets/{ticket.json()['number']}/"
    more = [send(caller, f"{name}.txt", name.encode()).json()["token"] for name in ("a", "b")]
    said = described.check("post", f"{where}reply/", caller.post(f"{where}reply/", {"body": "Two", "uploads": more}))
    assert [file["name"] for file in said.json()["files"]] == ["a.txt", "b.txt"]
    assert all(file["is_public"] for file in said.json()["files"])
    note = send(caller, "inner.txt", b"secret").json()["token"]
    inner = caller.post(f"{where}note/", {"body": "Ours", "uploads": [note]}).json()["files"]
    assert [file["is_public"] for file in inner] == [False]
    messages = described.check("get", f"{where}messages/", caller.get(f"{where}messages/")).json()["results"]
    assert [file["name"] for file in messages[0]["files"]] == ["log.txt"]
    url = messages[0]["files"][0]["url"].partition("/api/v1/")[2]
    bytes_of = described.check("get", url, caller.client.get(f"/api/v1/{url}"))
    assert b"".join(bytes_of.streaming_content) == b"one"
    assert Caller(make_agent(make_team())).client.get(f"/api/v1/{url}").status_code == 404, "another team's ticket"
    again = caller.post(f"{where}note/", {"body": "Twice", "uploads": [note]})
    assert again.status_code == 422 and blamed(again) == {"#/uploads"}, "it hangs on a note already"
    stolen = send(caller, "mine.txt", b"x").json()["token"]
    other = Caller(make_agent(team))
    assert other.post(f"{where}note/", {"body": "x", "uploads": [stolen]}).status_code == 422, "somebody else's"
    assert send(caller, "run.exe", b"MZ" + b"\0" * 80).status_code == 422
    assert Attachment.objects.count() == 4


def test_a_lead_is_converted_once_and_a_call_is_logged_with_its_follow_up():
    described, caller = Description(), Caller(make_user("administrator"))
    lead = make_lead(company="Hengyi")
    where, deal = f"leads/{lead.number}/convert/", {"name": "Printers", "amount": "120.50", "currency": "CNY"}
    bad = caller.post(where, {"opportunity": {"amount": "-1"}})
    assert bad.status_code == 400 and blamed(bad) == {"#/opportunity/name", "#/opportunity/amount"}
    done = described.check("post", where, caller.post(where, {"opportunity": deal}, Idempotency_Key="once")).json()
    assert caller.post(where, {"opportunity": deal}, Idempotency_Key="once").json() == done
    assert done["status"] == "converted" and done["customer"]["name"] == "Hengyi"
    made = Opportunity.objects.get()
    assert (made.number, str(made.amount)) == (done["opportunity"], "120.50")
    contact = Contact.objects.get(pk=done["contact"]["id"])
    call = {"customer": done["customer"]["number"], "contact": contact.pk, "kind": "call", "text": "Will decide soon",
            "minutes": 12, "follow_up_at": "2031-05-05T08:00:00+08:00", "follow_up": "Ask again"}  # fmt: skip
    logged = described.check("post", "interactions/", caller.post("interactions/", call)).json()
    assert (logged["minutes"], logged["contact"]["id"]) == (12, contact.pk)
    assert Task.objects.filter(title="Ask again", due_at__isnull=False).exists()
    found = caller.get("interactions/", customer=done["customer"]["number"]).json()["results"]
    assert [row["id"] for row in found] == [Interaction.objects.get().pk]
    outsider = Caller(make_user("sales"))
    assert outsider.get(f"interactions/{logged['id']}/").status_code == 404
    assert outsider.get("interactions/").json()["results"] == []
    stranger = caller.post("interactions/", {**call, "contact": submit().contact_id})
    assert stranger.status_code == 404, "a person of another customer"
