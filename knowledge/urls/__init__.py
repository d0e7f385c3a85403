from django.urls import path

from ..views import shelves, staff, texts

app_name = "knowledge"

_TEXT = "<int:number>/<slug:language>"

urlpatterns = [
    path("", staff.ArticleList.as_view(), name="article_list"),
    path("new/", staff.ArticleCreate.as_view(), name="article_create"),
    path("preview/", texts.TextPreview.as_view(), name="text_preview"),
    path("searches/", shelves.MissList.as_view(), name="miss_list"),
    path("searches/<int:pk>/settle/", shelves.MissSettle.as_view(), name="miss_settle"),
    path("categories/", shelves.CategoryList.as_view(), name="category_list"),
    path("categories/new/", shelves.CategoryCreate.as_view(), name="category_create"),
    path("categories/<int:pk>/edit/", shelves.CategoryUpdate.as_view(), name="category_update"),
    path("categories/<int:pk>/delete/", shelves.CategoryDelete.as_view(), name="category_delete"),
    path("<int:number>/", staff.ArticleDetail.as_view(), name="article_detail"),
    path("<int:number>/edit/", staff.ArticleUpdate.as_view(), name="article_update"),
    path("<int:number>/check/", staff.ArticleCheck.as_view(), name="article_check"),
    path("<int:number>/delete/", staff.ArticleDelete.as_view(), name="article_delete"),
    path("<int:number>/files/", staff.ArticleFile.as_view(), name="article_file"),
    path("<int:number>/files/<uuid:uid>/remove/", staff.ArticleFileRemove.as_view(), name="article_file_remove"),
    path(f"{_TEXT}/edit/", texts.TextEdit.as_view(), name="text_edit"),
    path(f"{_TEXT}/draft/", texts.TextDraft.as_view(), name="text_draft"),
    path(f"{_TEXT}/versions/", texts.TextVersions.as_view(), name="text_versions"),
    path(f"{_TEXT}/versions/<int:version>/restore/", texts.TextRestore.as_view(), name="text_restore"),
    path(f"{_TEXT}/review/", texts.TextAskReview.as_view(), name="text_ask_review"),
    path(f"{_TEXT}/approve/", texts.TextApprove.as_view(), name="text_approve"),
    path(f"{_TEXT}/send-back/", texts.TextSendBack.as_view(), name="text_send_back"),
    path(f"{_TEXT}/publish/", texts.TextPublish.as_view(), name="text_publish"),
    path(f"{_TEXT}/plan/", texts.TextSchedule.as_view(), name="text_schedule"),
    path(f"{_TEXT}/plan/drop/", texts.TextDropSchedule.as_view(), name="text_drop_schedule"),
    path(f"{_TEXT}/take-back/", texts.TextUnpublish.as_view(), name="text_unpublish"),
]
