"""The first administrator of a deployment."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from crm.accounts.models import Role
from crm.console.actions.staff import invite_user
from crm.console.links import link_hours, password_link
from crm.core.actor import Actor
from crm.core.errors import DomainError
from crm.core.text import clean_line


class Command(BaseCommand):
    help = "Makes an administrator and prints the link where they set a password."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")

    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        try:
            validate_email(email)
            role = Role.objects.get(key="administrator")
            values = {"email": email, "name": clean_line(name, 200), "roles": [role]}
            user = invite_user(actor=Actor.system("createadmin"), values=values, send_mail=False)
        except ValidationError as error:
            raise CommandError(f"{email} is no mail address.") from error
        except Role.DoesNotExist as error:
            raise CommandError("The roles are missing. Run manage.py migrate first.") from error
        except DomainError as error:
            raise CommandError(" ".join(str(text) for text in error.fields.values()) or str(error)) from error
        self.stdout.write(f"{user.name} is an administrator. Set a password within {link_hours()} hours, once, at:")
        self.stdout.write(password_link(user))
