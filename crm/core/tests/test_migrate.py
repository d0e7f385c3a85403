"""Classes of added models know each other as if all of them had been made anew."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest
from django.db import models
from django.db.migrations.operations import AddField, CreateModel
from django.db.migrations.state import ProjectState

from crm.core.management.commands.migrate import new_models_alone


def _shape(apps: Any) -> dict[str, list[str]]:
    return {
        model.__name__: sorted(f"{field.name}>{getattr(field.related_model, '__name__', '')}" for field in fields)
        for model in apps.get_models()
        for fields in [model._meta.get_fields(include_hidden=True)]
    }


@pytest.mark.parametrize("way", [nullcontext, new_models_alone])
def test_relations_are_the_same_either_way(way: Any) -> None:
    identity: Any = ("id", models.BigAutoField(primary_key=True))
    state = ProjectState()
    assert state.apps.get_models() == []
    with way():
        for operation in (
            CreateModel("Person", [identity]),
            CreateModel("Team", [identity, ("people", models.ManyToManyField("made.Person"))]),
            CreateModel("Ticket", [identity, ("owner", models.ForeignKey("made.Person", models.CASCADE))]),
            AddField("Ticket", "team", models.ForeignKey("made.Team", models.CASCADE, null=True)),
            CreateModel("Note", [identity, ("ticket", models.ForeignKey("made.Ticket", models.CASCADE))]),
        ):
            operation.state_forwards("made", state)
    assert _shape(state.apps) == {
        "Person": ["Team_people+>Team_people", "id>", "team>Team", "ticket>Ticket"],
        "Team": ["Team_people+>Team_people", "id>", "people>Person", "ticket>Ticket"],
        "Ticket": ["id>", "note>Note", "owner>Person", "team>Team"],
        "Note": ["id>", "ticket>Ticket"],
    }
    assert state.apps.get_model("made.Note")._meta.get_field("ticket").related_model is state.apps.get_model(
        "made.Ticket"
    )
