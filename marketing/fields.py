from crm.fields.registry import CustomKind, custom_kinds

custom_kinds.register(CustomKind("campaign", permission="campaigns.view", order=85))
