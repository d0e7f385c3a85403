from crm.fields.registry import CustomKind, custom_kinds

custom_kinds.register(CustomKind("lead", permission="leads.view", order=50))
custom_kinds.register(CustomKind("opportunity", permission="opportunities.view", order=65))
