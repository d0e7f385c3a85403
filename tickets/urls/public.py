"""What customers open without signing in. Fixed words stand before `<token>`, which is longer than any of them."""

from django.urls import path

from ..views import public

app_name = "help"

urlpatterns = [
    path("help/", public.HelpHome.as_view(), name="home"),
    path("help/tickets/new/", public.TicketSubmit.as_view(), name="ticket_submit"),
    path("help/tickets/new/<slug:key>/", public.TicketSubmit.as_view(), name="ticket_submit_type"),
    path("help/tickets/expected/", public.TicketExpected.as_view(), name="ticket_expected"),
    path("help/tickets/received/", public.TicketReceived.as_view(), name="ticket_received"),
    path("help/tickets/lost/", public.TicketLost.as_view(), name="ticket_lost"),
    path("help/tickets/lost/sent/", public.TicketLostSent.as_view(), name="ticket_lost_sent"),
    path("help/tickets/sent/<str:token>/", public.TicketSent.as_view(), name="ticket_sent"),
    path("help/tickets/<str:token>/", public.TicketTrack.as_view(), name="ticket_track"),
    path("help/tickets/<str:token>/confirm/", public.TicketTrackConfirm.as_view(), name="ticket_track_confirm"),
    path("help/tickets/<str:token>/reply/", public.TicketTrackReply.as_view(), name="ticket_track_reply"),
    path("help/tickets/<str:token>/again/", public.TicketAskAgain.as_view(), name="ticket_ask_again"),
    path("help/tickets/<str:token>/again/chosen/", public.TicketExpectedAgain.as_view(), name="ticket_expected_again"),
    path("help/tickets/<str:token>/solved/", public.TicketTrackSolved.as_view(), name="ticket_track_solved"),
    path("help/tickets/<str:token>/texts/", public.TicketTrackTexts.as_view(), name="ticket_track_texts"),
    path("rate/<str:token>/", public.TicketRate.as_view(), name="ticket_rate"),
]
