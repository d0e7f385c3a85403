"""The customer portal at /portal/, where contacts sign in, and its settings."""

from django.urls import path

from ..views import portal_settings
from ..views.portal import addresses, pages, signing

app_name = "portal"

urlpatterns = [
    path("portal/", pages.PortalHome.as_view(), name="home"),
    path("portal/sign-in/", signing.PortalSignIn.as_view(), name="sign_in"),
    path("portal/sign-in/code/", signing.PortalSignInCode.as_view(), name="sign_in_code"),
    path("portal/sign-out/", signing.PortalSignOut.as_view(), name="sign_out"),
    path("portal/sign-out/everywhere/", signing.PortalSignOutEverywhere.as_view(), name="sign_out_everywhere"),
    path("portal/profile/", pages.PortalProfile.as_view(), name="profile"),
    path("portal/profile/consent/", pages.PortalConsent.as_view(), name="consent"),
    path("portal/profile/addresses/new/", addresses.PortalAddressCreate.as_view(), name="address_create"),
    path("portal/profile/addresses/<str:key>/code/", addresses.PortalAddressCode.as_view(), name="address_code"),
    path("portal/profile/addresses/<int:pk>/remove/", addresses.PortalAddressRemove.as_view(), name="address_remove"),
    path("portal/profile/addresses/<int:pk>/main/", addresses.PortalAddressMain.as_view(), name="address_main"),
    path("portal/orders/", pages.PortalOrders.as_view(), name="order_list"),
    path("portal/orders/<int:number>/", pages.PortalOrder.as_view(), name="order_detail"),
    path("portal/equipment/", pages.PortalEquipment.as_view(), name="equipment_list"),
    path("settings/portal/", portal_settings.PortalSetUp.as_view(), name="settings"),
]
