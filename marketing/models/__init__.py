from .campaigns import Campaign, CampaignCost, PostResult, Topic
from .enrolments import Enrolment, StepRun
from .journeys import Journey, JourneyVersion, Step
from .landing import LandingDay, LandingPage, LandingSubmission
from .recipients import CampaignLink, Participant, Recipient, Response, Suppression, TopicRefusal

__all__ = [
    "Campaign",
    "CampaignCost",
    "CampaignLink",
    "Enrolment",
    "Journey",
    "JourneyVersion",
    "LandingDay",
    "LandingPage",
    "LandingSubmission",
    "Participant",
    "PostResult",
    "Recipient",
    "Response",
    "Step",
    "StepRun",
    "Suppression",
    "Topic",
    "TopicRefusal",
]
