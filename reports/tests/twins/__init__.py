"""A second, slow computation of every declared measure, in plain Python over rows read one by one.

What the two have in common is `visible_to`, which has tests of its own; conditions, days and formulas are written again
from the definition that people read.
"""

from . import knowledge, marketing, sales, service, trade
from .base import Twin

TWINS: dict[str, Twin] = {**service.TWINS, **trade.TWINS, **sales.TWINS, **marketing.TWINS, **knowledge.TWINS}

__all__ = ["TWINS", "Twin"]
