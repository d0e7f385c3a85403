"""The pages that a declaration becomes. Subclass these; each subclass names its permission."""

from .base import RecordView, StaffView
from .delete import DeleteView
from .detail import DetailView
from .edit import CreateView, UpdateView
from .list import ListView
from .trying import TriesCondition
from .verb import ActionView

__all__ = [
    "ActionView",
    "CreateView",
    "DeleteView",
    "DetailView",
    "ListView",
    "RecordView",
    "StaffView",
    "TriesCondition",
    "UpdateView",
]
