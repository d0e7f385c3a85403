"""What a list of staff would do, row by row: create, change, nothing, or nothing for a reason."""

from __future__ import annotations

import re
import zoneinfo
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from crm.accounts.models import Department, Role, Team, User
from crm.core import names
from crm.core.actor import Actor
from crm.core.errors import DomainError, Invalid
from crm.core.models import Brand
from crm.core.text import clean_line

from ..rights import require_covers
from ..staff_files import LABELS, Row

CREATE, UPDATE, SAME, SKIP = "create", "update", "same", "skip"
_BETWEEN_NAMES = re.compile(r"[,;，；、|]")
_BETWEEN_LEVELS = re.compile(r"[/／>＞\\]")
_LANGUAGES = {"en": "en", "english": "en", "英文": "en", "英语": "en", "zh-hans": "zh-hans", "zh": "zh-hans",
              "zh-cn": "zh-hans", "chinese": "zh-hans", "中文": "zh-hans", "简体中文": "zh-hans"}  # fmt: skip
_LIMITS = {"name": 200, "phone": 20, "job_title": 80}


@dataclass(frozen=True, slots=True)
class Planned:
    """One row. values: for `invite_user` or `update_user`; reason: why it is skipped; changed: labels of fields."""

    outcome: str
    label: str
    values: dict[str, Any] = field(default_factory=dict)
    user: User | None = None
    reason: str = ""
    changed: tuple[str, ...] = ()


class Planner:
    """Plans the rows of one file in their order; knows the structure once and the addresses it has met."""

    def __init__(self, viewer: Actor):
        viewer.require("console.manage_staff")
        self.viewer = viewer
        self.seen: set[str] = set()
        self.brand = Brand.default()
        self.departments = list(Department.objects.visible_to(viewer))
        self.teams = _by_name(Team.objects.visible_to(viewer).active())
        self.roles = _by_name(Role.objects.visible_to(viewer))
        self.roles |= {role.key: role for role in self.roles.values() if role.key}

    def plan(self, row: Row) -> Planned:
        """What this row would do now. Never raises for what stands in the row."""
        label = row.get("name") or row.get("email") or "--"
        try:
            email = self._email(row)
            values = self._values(row)
            user = User.objects.filter(email=email).select_related("department").first()
            if user is None:
                return self._creation(label, email, values)
            return self._change(label, user, values)
        except DomainError as error:
            reason = ", ".join(str(text) for text in error.fields.values()) or str(error)
            return Planned(SKIP, label, reason=reason)

    def _creation(self, label: str, email: str, values: dict[str, Any]) -> Planned:
        if not values.get("name"):
            raise Invalid(_("The name is missing."))
        require_covers(self.viewer, values.get("roles", ()))
        fresh = {"language": self.brand.language, "timezone": self.brand.timezone, **values, "email": email}
        return Planned(CREATE, label, fresh)

    def _change(self, label: str, user: User, values: dict[str, Any]) -> Planned:
        """Only what differs. An empty cell keeps what is there."""
        held = list(user.roles.all())
        present = {"roles": held, "teams": list(user.teams.all())}
        changed = {}
        for name, value in values.items():
            old = present[name] if name in present else getattr(user, name)
            if (set(value) != set(old)) if name in present else value != old:
                changed[name] = value
        if not changed:
            return Planned(SAME, label, user=user)
        if self.viewer.user_id != user.pk:
            require_covers(self.viewer, held)
        require_covers(self.viewer, set(changed.get("roles", ())) - set(held))
        return Planned(UPDATE, label, changed, user, changed=tuple(str(LABELS[name]) for name in changed))

    def _email(self, row: Row) -> str:
        email = row.get("email", "").strip().lower()
        try:
            validate_email(email)
        except ValidationError as error:
            raise Invalid(_("“%(text)s” is no email address.") % {"text": email}) from error
        if email in self.seen:
            raise Invalid(_("This address stands in the file twice."))
        self.seen.add(email)
        return email

    def _values(self, row: Row) -> dict[str, Any]:
        """The filled cells, resolved. Raises `Invalid` naming the first that leads nowhere."""
        found: dict[str, Any] = {}
        for column, limit in _LIMITS.items():
            if row.get(column):
                found[column] = clean_line(row[column], limit)
        if row.get("department"):
            found["department"] = self._department(row["department"])
        if row.get("teams"):
            found["teams"] = _all(self.teams, row["teams"], _("There is no team “%(name)s”."))
        if row.get("roles"):
            found["roles"] = _all(self.roles, row["roles"], _("There is no role “%(name)s”."))
        if row.get("language"):
            found["language"] = _language(row["language"])
        if row.get("timezone"):
            found["timezone"] = _zone(row["timezone"])
        return found

    def _department(self, text: str) -> Department:
        """By its path from the top or from any level, as long as only one fits."""
        wanted = [names.fold(part) for part in _BETWEEN_LEVELS.split(text) if part.strip()]
        known = {row.pk: row for row in self.departments}
        fitting = [row for row in self.departments if _ends_with(_line_of(row, known), wanted)]
        whole = [row for row in fitting if len(_line_of(row, known)) == len(wanted)]
        fitting = whole or fitting
        if len(fitting) != 1:
            text = _("There is no department “%(name)s”.") if not fitting else _("Several departments fit “%(name)s”.")
            raise Invalid(text % {"name": " / ".join(wanted)})
        return fitting[0]


def _line_of(row: Department, known: dict[int, Department]) -> list[set[str]]:
    """The names, in every language, from the top down to the department."""
    ids = [int(part) for part in row.path.split("/") if part]
    return [{names.fold(name) for name in known[pk].name.values() if name} for pk in ids if pk in known]


def _ends_with(line: list[set[str]], wanted: list[str]) -> bool:
    if not wanted or len(wanted) > len(line):
        return False
    return all(name in level for name, level in zip(wanted, line[-len(wanted) :], strict=True))


def _by_name(rows: Any) -> dict[str, Any]:
    return {names.fold(name): row for row in rows for name in row.name.values() if name}


def _all(known: dict[str, Any], text: str, problem: str) -> list[Any]:
    """The rows that the text names, each once. Raises `Invalid` with the first name that nobody bears."""
    wanted = [part.strip() for part in _BETWEEN_NAMES.split(text) if part.strip()]
    if unknown := [name for name in wanted if names.fold(name) not in known]:
        raise Invalid(problem % {"name": unknown[0]})
    return list(dict.fromkeys(known[names.fold(name)] for name in wanted))


def _language(text: str) -> str:
    code = _LANGUAGES.get(names.fold(text), "")
    if code not in dict(settings.LANGUAGES):
        raise Invalid(_("“%(text)s” is no language of this product.") % {"text": text})
    return code


def _zone(text: str) -> str:
    if text not in zoneinfo.available_timezones():
        raise Invalid(_("“%(text)s” is no time zone. Write one such as Asia/Shanghai.") % {"text": text})
    return text
