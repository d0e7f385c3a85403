"""What sales starts with."""

from crm.core.sockets import Seed, seeds

from .contracts import seed_contract_flow, seed_payment_settings
from .leads import LEAD_SEEDS
from .opportunities import PIPELINE_SEEDS
from .quotes import seed_flow

seeds.register(*PIPELINE_SEEDS, *LEAD_SEEDS, Seed("quotes.approval_flow", seed_flow, order=60))
seeds.register(
    Seed("contracts.approval_flow", seed_contract_flow, order=61),
    Seed("payments.settings", seed_payment_settings, order=62),
)
