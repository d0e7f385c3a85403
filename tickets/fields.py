from crm.fields.registry import CustomKind, custom_kinds

custom_kinds.register(CustomKind("ticket", permission="tickets.view"))
