"""Leads and deals in the API, and the names that they are filed under."""

from crm.integrations.rest.registry import resources

from .leads import Leads
from .opportunities import LostReasons, Opportunities, Stages

resources.register(Leads, Opportunities, Stages, LostReasons)
