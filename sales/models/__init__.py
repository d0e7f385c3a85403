from .leads import Lead, LeadEvent
from .opportunities import Collaborator, Opportunity, OpportunityLine, StageSpan
from .pipelines import LostReason, Pipeline, Stage
from .pools import LeadDecision, LeadRule, OwnerSpan, Pool
from .quotes import Quote, QuoteCounter, QuoteLine
from .scores import LeadSettings, ScoreRule

__all__ = [
    "Collaborator",
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
    "Quote",
    "QuoteCounter",
    "QuoteLine",
    "ScoreRule",
    "Stage",
    "StageSpan",
]
