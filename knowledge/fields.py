from crm.fields.registry import CustomKind, custom_kinds

custom_kinds.register(CustomKind("article", permission="knowledge.view", order=80))
