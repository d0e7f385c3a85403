from crm.fields.registry import CustomKind, custom_kinds
from crm.fields.tags import TagKind, tag_kinds

custom_kinds.register(CustomKind("ticket", permission="tickets.view"))
tag_kinds.register(TagKind("ticket", view="tickets.view", change="tickets.update"))
