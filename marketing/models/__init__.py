from .campaigns import Campaign, CampaignCost, PostResult, Topic
from .landing import LandingDay, LandingPage, LandingSubmission
from .recipients import CampaignLink, Participant, Recipient, Response, Suppression, TopicRefusal

__all__ = [
    "Campaign",
    "CampaignCost",
    "CampaignLink",
    "LandingDay",
    "LandingPage",
    "LandingSubmission",
    "Participant",
    "PostResult",
    "Recipient",
    "Response",
    "Suppression",
    "Topic",
    "TopicRefusal",
]
