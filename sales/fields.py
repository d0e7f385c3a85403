from crm.fields.registry import CustomKind, custom_kinds
from crm.fields.tags import TagKind, tag_kinds

custom_kinds.register(CustomKind("lead", permission="leads.view", order=50))
custom_kinds.register(CustomKind("opportunity", permission="opportunities.view", order=65))
custom_kinds.register(CustomKind("quote", permission="quotes.view", order=66))
custom_kinds.register(CustomKind("contract", permission="contracts.view", order=67))
tag_kinds.register(
    TagKind("lead", view="leads.view", change="leads.update", order=62),
    TagKind("opportunity", view="opportunities.view", change="opportunities.update", order=63),
    TagKind("contract", view="contracts.view", change="contracts.update", order=64),
)
