from django.urls import path

from ..views import board, lines, moving, opportunities, steps

app_name = "sales"

urlpatterns = [
    path("board/", board.BoardView.as_view(), name="board"),
    path("board/<int:stage>/cards/", board.BoardCards.as_view(), name="board_cards"),
    path("opportunities/", opportunities.OpportunityList.as_view(), name="opportunity_list"),
    path("opportunities/new/", opportunities.OpportunityCreate.as_view(), name="opportunity_create"),
    path("opportunities/<int:number>/", opportunities.OpportunityDetail.as_view(), name="opportunity_detail"),
    path("opportunities/<int:number>/edit/", opportunities.OpportunityUpdate.as_view(), name="opportunity_update"),
    path("opportunities/<int:number>/delete/", opportunities.OpportunityDelete.as_view(), name="opportunity_delete"),
    path("opportunities/<int:number>/note/", opportunities.OpportunityNote.as_view(), name="opportunity_note"),
    path("opportunities/<int:number>/products/", lines.OpportunityLines.as_view(), name="opportunity_lines"),
    path(
        "opportunities/<int:number>/collaborators/",
        opportunities.OpportunityCollaborators.as_view(),
        name="opportunity_collaborators",
    ),
    path(
        "opportunities/<int:number>/hand-over/",
        opportunities.OpportunityHandOver.as_view(),
        name="opportunity_hand_over",
    ),
    path("opportunities/<int:number>/step/", steps.OpportunityStep.as_view(), name="opportunity_step"),
    path("opportunities/<int:number>/move/", moving.OpportunityMove.as_view(), name="opportunity_move"),
    path("opportunities/<int:number>/win/", moving.OpportunityWin.as_view(), name="opportunity_win"),
    path("opportunities/<int:number>/lose/", moving.OpportunityLose.as_view(), name="opportunity_lose"),
    path("opportunities/<int:number>/reopen/", moving.OpportunityReopen.as_view(), name="opportunity_reopen"),
]
