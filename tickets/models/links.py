"""Wishes for a lost tracking link, until they are looked at."""

from __future__ import annotations

from django.db import models

from crm.core.models import BaseModel


class LinkWish(BaseModel):
    """Somebody asks for the link of a ticket again: what they typed, in normal form. Gone once it was looked at.

    The page stores it and answers, whatever it says; whether number and address belong together is found out
    later and elsewhere, so that neither the answer nor its time tells a stranger.
    """

    number = models.BigIntegerField()
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
