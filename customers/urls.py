from django.urls import path

from .views import details, duplicates, interactions, pages, people

app_name = "customers"

urlpatterns = [
    path("", pages.CustomerList.as_view(), name="customer_list"),
    path("new/", pages.CustomerCreate.as_view(), name="customer_create"),
    path("duplicates/", duplicates.DuplicateCheck.as_view(), name="customer_duplicates"),
    path("<int:number>/", pages.CustomerDetail.as_view(), name="customer_detail"),
    path("<int:number>/edit/", pages.CustomerUpdate.as_view(), name="customer_update"),
    path("<int:number>/delete/", pages.CustomerDelete.as_view(), name="customer_delete"),
    path("<int:number>/note/", pages.CustomerNote.as_view(), name="customer_note"),
    path("<int:number>/talk/", interactions.InteractionCreate.as_view(), name="interaction_create"),
    path("<int:number>/collaborators/", details.Collaborators.as_view(), name="customer_collaborators"),
    path("<int:number>/addresses/new/", details.AddressCreate.as_view(), name="address_create"),
    path("<int:number>/billing/new/", details.BillingTitleCreate.as_view(), name="billing_title_create"),
    path("<int:number>/contacts/new/", people.ContactCreate.as_view(), name="contact_create"),
    path("addresses/<int:pk>/edit/", details.AddressUpdate.as_view(), name="address_update"),
    path("addresses/<int:pk>/remove/", details.AddressRemove.as_view(), name="address_remove"),
    path("billing/<int:pk>/edit/", details.BillingTitleUpdate.as_view(), name="billing_title_update"),
    path("billing/<int:pk>/remove/", details.BillingTitleRemove.as_view(), name="billing_title_remove"),
    path("contacts/<int:pk>/", people.ContactDetail.as_view(), name="contact_detail"),
    path("contacts/<int:pk>/edit/", people.ContactUpdate.as_view(), name="contact_update"),
    path("contacts/<int:pk>/consent/", people.ContactConsent.as_view(), name="contact_consent"),
]
