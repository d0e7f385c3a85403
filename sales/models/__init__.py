from .opportunities import Collaborator, Opportunity, OpportunityLine, StageSpan
from .pipelines import LostReason, Pipeline, Stage

__all__ = ["Collaborator", "LostReason", "Opportunity", "OpportunityLine", "Pipeline", "Stage", "StageSpan"]
