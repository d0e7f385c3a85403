"""Columns that say which customer a row belongs to."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from crm.exchange import cells
from crm.exchange.declarations import ImportColumn

from ..recognising.identities import normal_email, normal_phone
from ..recognising.registration import normal_registration_code
from .known import customer_number

CUSTOMER = (
    ImportColumn("number", gettext_lazy("Customer number"), cells.through(customer_number), example="C-10001",
                 aliases=("customer no", "customer id", "客户编号", "客户号")),
    ImportColumn("registration_code", gettext_lazy("Registration code"), cells.through(normal_registration_code),
                 aliases=("tax number", "统一社会信用代码", "社会信用代码", "税号", "纳税人识别号")),
    ImportColumn("email", gettext_lazy("Customer's email"), cells.several(normal_email),
                 aliases=("email", "buyer email", "邮箱", "客户邮箱", "买家邮箱")),
    ImportColumn("phone", gettext_lazy("Customer's phone"), cells.several(normal_phone),
                 aliases=("phone", "mobile", "buyer phone", "手机", "手机号", "电话", "收货手机", "买家手机")),
    ImportColumn("name", gettext_lazy("Customer"), cells.text(200),
                 aliases=("customer name", "company", "buyer", "客户", "客户名称", "公司名称", "买家")),
)  # fmt: skip
