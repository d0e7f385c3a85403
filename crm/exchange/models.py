"""Imports, what was found in their rows, what they wrote, and which columns somebody chose before."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.models import BaseModel
from crm.jobs.choices import JobState

from .choices import WORKING, DateOrder, Existing, Outcome, State
from .limits import UNDO_DAYS
from .querysets import FindingQuerySet, ImportQuerySet, OfImportQuerySet


class Import(BaseModel):
    """One file on its way in.

    importer: key of the declaration. path: where the rows lie, "" once they are gone. mapping: place of a column in
    the file, as text → column key. offset: bytes of the rows that are behind. checked and counts: Outcome → rows, as
    the dry run foresaw and as it came. undo_result: {"undone": rows, "left": rows}.
    """

    importer = models.CharField(max_length=60)
    owner = models.ForeignKey(
        "accounts.User", verbose_name=_("imported by"), null=True, on_delete=models.SET_NULL, related_name="imports"
    )
    name = models.CharField(_("file"), max_length=200)
    encoding = models.CharField(max_length=20)
    delimiter = models.CharField(max_length=4, blank=True)
    headings = models.JSONField(default=list)
    samples = models.JSONField(default=list)
    notices = models.JSONField(default=list)
    rows = models.IntegerField(_("rows"), default=0)
    blank_rows = models.IntegerField(default=0)
    path = models.CharField(max_length=200, blank=True)
    mapping = models.JSONField(default=dict)
    existing = models.CharField(max_length=8, choices=Existing.choices, default=Existing.SKIP)
    date_order = models.CharField(max_length=8, choices=DateOrder.choices, default=DateOrder.DAY_FIRST)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    job = models.ForeignKey("jobs.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    offset = models.BigIntegerField(default=0)
    checked = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    undo_result = models.JSONField(default=dict)
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["owner", "-created_at"], name="import_by_owner")]

    def __str__(self) -> str:
        return self.name

    @property
    def stage(self) -> str:
        """The state, or stopped when the job that worked on it was stopped or failed."""
        ended = {JobState.CANCELLED, JobState.FAILED}
        if self.state in WORKING and (self.job is None or self.job.state in ended):
            return State.STOPPED
        return self.state

    def get_stage_display(self) -> Any:
        return State(self.stage).label

    @property
    def has_written(self) -> bool:
        """Whether it brought in rows, be it all of them or until it was stopped."""
        return self.state in {State.DONE, State.UNDOING, State.UNDONE, State.RUNNING}

    @property
    def undo_until(self) -> dt.datetime | None:
        """Until when it can be undone."""
        return self.finished_at + dt.timedelta(days=UNDO_DAYS) if self.finished_at else None

    @property
    def can_be_undone(self) -> bool:
        """Done, or stopped on its way in or back, and not too long ago."""
        stopped = self.stage == State.STOPPED and self.state != State.CHECKING
        in_time = self.undo_until is None or clock.now() < self.undo_until
        return in_time and (self.state == State.DONE or stopped)

    def count(self, outcome: str) -> int:
        """How many rows came to that, or were foreseen to while none was written."""
        counts = self.counts if self.has_written else self.checked
        return int(counts.get(outcome, 0))

    @property
    def made(self) -> int:
        return self.count(Outcome.MADE)

    @property
    def changed(self) -> int:
        return self.count(Outcome.CHANGED)

    @property
    def skipped(self) -> int:
        return self.count(Outcome.SKIPPED)

    @property
    def wrong(self) -> int:
        return self.count(Outcome.WRONG)


class Finding(BaseModel):
    """What is to be said about a row: the column, what stands there and why it is left out, or worth a look.

    Made anew by each step.

    outcome: of the row. number: as the spreadsheet counts. column and reason are in the owner's language.
    """

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="findings")
    number = models.IntegerField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    column = models.CharField(max_length=120, blank=True)
    value = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=400)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["number", "pk"]
        indexes = [models.Index(fields=["batch", "number"], name="finding_by_row")]


class WrittenRow(BaseModel):
    """A row that made or changed a record, with what its undo needs. left: why the undo could not take it back."""

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="written")
    number = models.IntegerField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    kind = models.SmallIntegerField()
    object_id = models.BigIntegerField()
    label = models.CharField(max_length=200)
    memory = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    left = models.CharField(max_length=400, blank=True)

    objects = OfImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="imported_row_once")]
        indexes = [models.Index(fields=["batch", "kind", "object_id"], name="imported_row_by_record")]


class SeenKey(models.Model):
    """A key of a row, to find two rows that mean the same. Kept while its import is worked on."""

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="seen")
    digest = models.CharField(max_length=32)
    number = models.IntegerField()

    objects = OfImportQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "digest"], name="key_seen_once_an_import")]


class ChosenColumns(BaseModel):
    """Which column somebody chose for a heading the last time. columns: folded heading → column key, "" left out."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    importer = models.CharField(max_length=60)
    columns = models.JSONField(default=dict)

    objects = OfImportQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "importer"], name="columns_chosen_once")]
