"""What sales starts with."""

from crm.core.sockets import Seed, seeds

from .leads import LEAD_SEEDS
from .opportunities import PIPELINE_SEEDS
from .quotes import seed_flow

seeds.register(*PIPELINE_SEEDS, *LEAD_SEEDS, Seed("quotes.approval_flow", seed_flow, order=60))
