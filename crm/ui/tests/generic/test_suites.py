"""The inherited suites, run on throw-away pages over teams: a declaration gets everything, with its tests."""

from __future__ import annotations

from typing import Any

from crm.accounts.models import Department, Team
from crm.testing.suites import CreateSuite, DeleteSuite, DetailSuite, ListSuite, PickerSuite, UpdateSuite

from .teams import MANAGE, make_team


class TestTeamList(ListSuite):
    url_name, permission, baseline = "console:team_list", MANAGE, "throw-away list"

    def make(self, count: int) -> list[Any]:
        return [make_team(f"Team {number}") for number in range(count)]


class TestTeamDetail(DetailSuite):
    url_name, permission, baseline = "console:team_detail", MANAGE, "throw-away detail"

    def make_one(self) -> Any:
        return make_team()


class TestTeamCreate(CreateSuite):
    url_name, permission, kept = "console:team_create", MANAGE, "taken name"

    def rows(self) -> Any:
        return Team.objects.all()

    def good(self) -> dict[str, Any]:
        return {"name_en": "Software", "department": Department.objects.create(name={"en": "Service"}).pk}

    def bad(self) -> dict[str, Any]:
        return self.good() | {"name_en": "taken name"}


class TestTeamUpdate(UpdateSuite):
    url_name, permission, kept = "console:team_update", MANAGE, "taken name"

    def make_one(self) -> Any:
        return make_team()

    def change(self) -> dict[str, Any]:
        return {"name_en": "Printers"}

    def bad(self) -> dict[str, Any]:
        return {"name_en": "taken name"}

    def rival(self, record: Any) -> None:
        Team.objects.filter(pk=record.pk).update(name={"en": "Scanners"})

    def changed(self, record: Any) -> bool:
        return str(Team.objects.get(pk=record.pk)) == "Printers"


class TestTeamDelete(DeleteSuite):
    url_name, permission = "console:team_delete", MANAGE

    def make_one(self) -> Any:
        return make_team()


class TestTeamPicker(PickerSuite):
    kind = "team"

    def make_one(self) -> Any:
        return make_team()
