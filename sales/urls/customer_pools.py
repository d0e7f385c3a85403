from django.urls import path

from ..views import customer_pools as views

app_name = "pools"

urlpatterns = [
    path("", views.CustomerPoolList.as_view(), name="customer_list"),
    path("<int:pk>/claim/", views.CustomerClaim.as_view(), name="customer_claim"),
    path("customers/<int:number>/", views.CustomerPool.as_view(), name="customer_pool"),
]
