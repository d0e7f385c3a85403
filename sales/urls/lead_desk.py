from django.urls import path

from ..views import lead_desk as views

app_name = "leaddesk"

urlpatterns = [
    path("leads/", views.LeadDesk.as_view(), name="lead_settings"),
    path("leads/pools/", views.PoolList.as_view(), name="pool_list"),
    path("leads/pools/new/", views.PoolCreate.as_view(), name="pool_create"),
    path("leads/pools/<int:pk>/", views.PoolUpdate.as_view(), name="pool_update"),
    path("leads/assignment/", views.LeadRuleList.as_view(), name="lead_rule_list"),
    path("leads/assignment/new/", views.LeadRuleCreate.as_view(), name="lead_rule_create"),
    path("leads/assignment/<int:pk>/", views.LeadRuleUpdate.as_view(), name="lead_rule_update"),
    path("leads/scores/", views.ScoreRuleList.as_view(), name="score_rule_list"),
    path("leads/scores/new/", views.ScoreRuleCreate.as_view(), name="score_rule_create"),
    path("leads/scores/<int:pk>/", views.ScoreRuleUpdate.as_view(), name="score_rule_update"),
]
