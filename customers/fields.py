from crm.fields.registry import CustomKind, custom_kinds
from crm.fields.tags import TagKind, tag_kinds

custom_kinds.register(
    CustomKind("customer", permission="customers.view", order=60),
    CustomKind("contact", permission="customers.view", order=61),
    CustomKind("product", permission="orders.view", order=62),
    CustomKind("order", permission="orders.view", order=63),
    CustomKind("equipment", permission="orders.view", order=64),
)
tag_kinds.register(
    TagKind("customer", view="customers.view", change="customers.update", order=60),
    TagKind("contact", view="customers.view", change="customers.update", order=61),
)
