from django.urls import path

from .views import caller, canned, following, macros, merging, missing, pages, parts, sending, standing_in, verbs

app_name = "tickets"

urlpatterns = [
    path("", pages.TicketList.as_view(), name="ticket_list"),
    path("new/", caller.TicketCreate.as_view(), name="ticket_create"),
    path("new/people/", caller.CallerPeople.as_view(), name="caller_people"),
    path("new/questions/", caller.CallerQuestions.as_view(), name="caller_questions"),
    path("new/person/", caller.CallerPerson.as_view(), name="caller_person"),
    path("next/", verbs.TicketNext.as_view(), name="ticket_next"),
    path("take-back/", standing_in.TicketsTakeBack.as_view(), name="tickets_take_back"),
    path("<int:number>/", pages.TicketDetail.as_view(), name="ticket_detail"),
    path("<int:number>/older/", pages.TicketOlder.as_view(), name="ticket_older"),
    path("<int:number>/edit/", pages.TicketUpdate.as_view(), name="ticket_update"),
    path("<int:number>/parts/new/", parts.PartCreate.as_view(), name="ticket_part_create"),
    path("<int:number>/delete/", pages.TicketDelete.as_view(), name="ticket_delete"),
    path("<int:number>/take/", verbs.TicketAccept.as_view(), name="ticket_accept"),
    path("<int:number>/reply/", verbs.TicketReply.as_view(), name="ticket_reply"),
    path("<int:number>/reply/pending/", sending.TicketPending.as_view(), name="ticket_pending"),
    path("<int:number>/reply/undo/", sending.TicketTakeBack.as_view(), name="ticket_take_back"),
    path("<int:number>/reply/send/", sending.TicketSendNow.as_view(), name="ticket_send_now"),
    path("<int:number>/note/", verbs.TicketNote.as_view(), name="ticket_note"),
    path("<int:number>/status/", verbs.TicketStatus.as_view(), name="ticket_status"),
    path("<int:number>/priority/", verbs.TicketPriority.as_view(), name="ticket_priority"),
    path("<int:number>/resolve/", verbs.TicketResolve.as_view(), name="ticket_resolve"),
    path("<int:number>/close/", verbs.TicketClose.as_view(), name="ticket_close"),
    path("<int:number>/hand-over/", verbs.TicketReassign.as_view(), name="ticket_reassign"),
    path("<int:number>/draft/<str:kind>/", verbs.TicketDraft.as_view(), name="ticket_draft"),
    path("<int:number>/presence/", verbs.TicketPresence.as_view(), name="ticket_presence"),
    path("<int:number>/canned/", canned.TicketCanned.as_view(), name="ticket_canned"),
    path("<int:number>/macro/", macros.TicketMacro.as_view(), name="ticket_macro"),
    path("<int:number>/follow/", following.TicketFollow.as_view(), name="ticket_follow"),
    path("<int:number>/unfollow/", following.TicketUnfollow.as_view(), name="ticket_unfollow"),
    path("<int:number>/mentions/", following.TicketMentions.as_view(), name="ticket_mentions"),
    path("<int:number>/merge/", merging.TicketMerge.as_view(), name="ticket_merge"),
    path("<int:number>/unmerge/", merging.TicketUnmerge.as_view(), name="ticket_unmerge"),
    path("<int:number>/ask/", missing.TicketAskAnswers.as_view(), name="ticket_ask_answers"),
    path("<int:number>/why/", verbs.TicketWhy.as_view(), name="ticket_why"),
]
