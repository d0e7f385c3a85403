"""The socket of the customer portal: what each app shows a signed-in contact.

Fill `<app>/portal.py`:

    portal_sections.register(PortalSection("tickets", _("Tickets"), "ticket", "support:ticket_list", order=10))

The pages are views of the app that mix in `customers.views.portal.PortalPage`; what a contact may see is the answer of
`visible_to` for an actor of the contact kind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from crm.core.actor import Actor
from crm.core.registry import Registry
from crm.core.sockets import ALL_REGISTRIES

Text = Any  # str or a lazy translation


@dataclass(frozen=True, slots=True)
class PortalSection:
    """An entry of the portal's menu and, with a template, a block of its home page.

    url_name: its page, an address without arguments. count(actor): how many things there wait for the contact, 0 or
    None for nothing. block(actor): the values of the block, None to leave it out; place: the wide column of the home
    page or the narrow one. asks: URL name of a form that takes `?order=` or `?equipment=`, for "Ask about this".
    """

    key: str
    label: Text
    icon: str
    url_name: str
    order: int = 50
    count: Callable[[Actor], int | None] | None = None
    template: str = ""
    block: Callable[[Actor], dict[str, Any] | None] | None = None
    place: Literal["main", "side"] = "main"
    asks: str = ""


portal_sections: Registry[PortalSection] = Registry("portal sections")
ALL_REGISTRIES.append(portal_sections)
