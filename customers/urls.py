from django.urls import path

from .views import pages

app_name = "customers"

urlpatterns = [
    path("", pages.CustomerList.as_view(), name="customer_list"),
    path("new/", pages.CustomerCreate.as_view(), name="customer_create"),
    path("<int:number>/", pages.CustomerDetail.as_view(), name="customer_detail"),
    path("<int:number>/edit/", pages.CustomerUpdate.as_view(), name="customer_update"),
    path("<int:number>/delete/", pages.CustomerDelete.as_view(), name="customer_delete"),
    path("<int:number>/note/", pages.CustomerNote.as_view(), name="customer_note"),
    path("<int:number>/contacts/new/", pages.ContactCreate.as_view(), name="contact_create"),
    path("contacts/<int:pk>/edit/", pages.ContactUpdate.as_view(), name="contact_update"),
]
