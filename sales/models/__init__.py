from .leads import Lead, LeadEvent
from .opportunities import Collaborator, Opportunity, OpportunityLine, StageSpan
from .pipelines import LostReason, Pipeline, Stage
from .pools import LeadDecision, LeadRule, OwnerSpan, Pool
from .prices import PriceList, PriceListItem
from .quotes import Quote, QuoteCounter, QuoteLine
from .scores import LeadSettings, ScoreRule
from .targets import ForecastSnapshot, Target

__all__ = [
    "Collaborator",
    "ForecastSnapshot",
    "Lead",
    "LeadDecision",
    "LeadEvent",
    "LeadRule",
    "LeadSettings",
    "LostReason",
    "Opportunity",
    "OpportunityLine",
    "OwnerSpan",
    "Pipeline",
    "Pool",
    "PriceList",
    "PriceListItem",
    "Quote",
    "QuoteCounter",
    "QuoteLine",
    "ScoreRule",
    "Stage",
    "StageSpan",
    "Target",
]
