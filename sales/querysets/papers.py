"""What quotes and contracts share: who owns them, and how they are found."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q

from crm.core import names
from crm.core.containing import containing
from crm.core.querysets import ScopedQuerySet


class PaperQuerySet(ScopedQuerySet):
    """Rows with an owner, a department, a customer, a title and a number."""

    owner_columns = ("owner_id",)
    department_column = "department_id"

    def matching(self, text: str) -> Self:
        """By title, pinyin, number, or the customer's name."""
        from customers.models import Customer

        text = text.strip()
        customers = Customer.objects.filter(search_key__contains=names.fold(text)).order_by().values("pk")
        terms = containing("search_key", names.fold(text)) | Q(customer_id__any_of=ArraySubquery(customers))
        digits = text.rpartition("-")[2]
        if digits.isdecimal() and len(digits) < 9:
            terms |= Q(number=int(digits))
        return self.filter(terms)
