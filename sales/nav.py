from django.utils.translation import gettext_lazy as _

from crm.core.sockets import NavItem, nav

nav.register(NavItem("leads", "sales", _("Leads"), "lead", "leads:lead_list", "leads.view", 20))
