"""Which stages deals got to, by their stage history."""

from __future__ import annotations

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q

from .choices.opportunities import StageKind
from .models import Stage, StageSpan


def reached(stage: Stage) -> Q:
    """Deals that ever stood in the stage, or in one that comes after it in its pipeline; a lost one only by its stays.

    A won deal has reached every stage, whether it stood there or not.
    """
    later = StageSpan.objects.filter(stage__pipeline=stage.pipeline_id, stage__order__gte=stage.order)
    stays = later.exclude(stage__kind=StageKind.LOST).order_by().values("opportunity_id")
    return Q(pk__any_of=ArraySubquery(stays))
