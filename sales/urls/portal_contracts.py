"""A contact's contracts in the customer portal."""

from django.urls import path

from ..views import portal_contracts as views

app_name = "agreements"

urlpatterns = [
    path("", views.PortalContractList.as_view(), name="contract_list"),
    path("<int:pk>/", views.PortalContract.as_view(), name="contract_detail"),
    path("<int:pk>/pdf/", views.PortalContractPdf.as_view(), name="contract_pdf"),
]
