from .calendars import Calendar, Holiday
from .clocks import Clock, ClockEvent
from .shifts import Shift, ShiftException

__all__ = ["Calendar", "Clock", "ClockEvent", "Holiday", "Shift", "ShiftException"]
