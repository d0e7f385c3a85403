"""Verbs on approvals."""

from .deciding import approve, delegate, reject
from .flows import save_flow
from .requesting import covers, flow_for, request_approval, void_approval, withdraw

__all__ = [
    "approve",
    "covers",
    "delegate",
    "flow_for",
    "reject",
    "request_approval",
    "save_flow",
    "void_approval",
    "withdraw",
]
