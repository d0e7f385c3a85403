"""Every address of the product. Apps are named by string, so that the platform imports none of them."""

from django.urls import include, path

urlpatterns = [
    path("", include("crm.console.urls")),
    path("api/v1/", include("crm.integrations.rest.urls")),
    path("", include("crm.integrations.urls")),
    path("", include("crm.ui.urls")),
    path("files/", include("crm.files.urls")),
    path("", include("crm.notifications.urls")),
    path("", include("crm.messaging.urls")),
    path("", include("crm.search.urls")),
    path("tasks/", include("crm.planner.urls")),
    path("", include("crm.approvals.urls")),
    path("imports/", include("crm.exchange.urls")),
    path("customers/", include("customers.urls")),
    path("", include("customers.portals.urls")),
    path("sales/", include("sales.urls.opportunities")),
    path("knowledge/", include("knowledge.urls")),
    path("", include("knowledge.urls.public")),
    path("tickets/", include("tickets.urls")),
    path("requests/", include("tickets.urls.requests")),
    path("settings/", include("tickets.urls.settings")),
    path("", include("tickets.urls.public")),
    path("portal/tickets/", include("tickets.urls.portal")),
    path("portal/quotes/", include("sales.urls.portal")),
    path("portal/contracts/", include("sales.urls.portal_contracts")),
    path("", include("sales.urls.contracts")),
    path("", include("sales.urls.quotes")),
    path("sales/leads/", include("sales.urls.leads")),
    path("sales/pools/", include("sales.urls.customer_pools")),
    path("sales/prices/", include("sales.urls.prices")),
    path("sales/", include("sales.urls.planning")),
    path("settings/", include("sales.urls.lead_desk")),
    path("settings/", include("sales.urls.sales_desk")),
    path("", include("sales.urls.contact")),
    path("marketing/", include("marketing.urls.landing")),
    path("marketing/", include("marketing.urls.journeys")),
    path("", include("marketing.urls.landing_public")),
    path("marketing/", include("marketing.urls")),
    path("", include("marketing.urls.public")),
    path("reports/", include("reports.urls")),
]

handler400 = "crm.ui.views.errors.bad_request"
handler403 = "crm.ui.views.errors.forbidden"
handler404 = "crm.ui.views.errors.not_found"
handler500 = "crm.ui.views.errors.server_error"
