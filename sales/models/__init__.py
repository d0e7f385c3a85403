from .contracts import Contract, ContractLine, NumberSeries
from .leads import Lead, LeadEvent
from .opportunities import Collaborator, Opportunity, OpportunityLine, StageSpan
from .payments import Allocation, Instalment, Payment, PaymentSettings, Reminder
from .pipelines import LostReason, Pipeline, Stage
from .pooled import PooledCustomer
from .pools import LeadDecision, LeadRule, OwnerSpan, Pool
from .prices import PriceList, PriceListItem
from .quotes import Quote, QuoteCounter, QuoteLine
from .scores import LeadSettings, ScoreRule
from .targets import ForecastSnapshot, Target

__all__ = [
    "Allocation",
    "Collaborator",
    "Contract",
    "ContractLine",
    "ForecastSnapshot",
    "Instalment",
    "Lead",
    "LeadDecision",
    "LeadEvent",
    "LeadRule",
    "LeadSettings",
    "LostReason",
    "NumberSeries",
    "Opportunity",
    "OpportunityLine",
    "OwnerSpan",
    "Payment",
    "PaymentSettings",
    "Pipeline",
    "Pool",
    "PooledCustomer",
    "PriceList",
    "PriceListItem",
    "Quote",
    "QuoteCounter",
    "QuoteLine",
    "Reminder",
    "ScoreRule",
    "Stage",
    "StageSpan",
    "Target",
]
