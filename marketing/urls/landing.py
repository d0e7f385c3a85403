"""Landing pages for staff."""

from django.urls import path

from ..views import landing

app_name = "landingpages"

urlpatterns = [
    path("pages/", landing.LandingPageList.as_view(), name="page_list"),
    path("pages/forms/", landing.SubmissionList.as_view(), name="submission_list"),
    path("pages/new/", landing.LandingPageCreate.as_view(), name="page_create"),
    path("pages/<int:pk>/", landing.LandingPageDetail.as_view(), name="page_detail"),
    path("pages/<int:pk>/properties/", landing.LandingPageUpdate.as_view(), name="page_update"),
    path("pages/<int:pk>/edit/", landing.LandingPageEdit.as_view(), name="page_edit"),
    path("pages/<int:pk>/preview/", landing.LandingPagePreview.as_view(), name="page_preview"),
    path("pages/<int:pk>/qr/<str:kind>/", landing.LandingPageQr.as_view(), name="page_qr"),
    path("pages/<int:pk>/publish/", landing.LandingPagePublish.as_view(), name="page_publish"),
    path("pages/<int:pk>/unpublish/", landing.LandingPageUnpublish.as_view(), name="page_unpublish"),
    path("pages/<int:pk>/archive/", landing.LandingPageArchive.as_view(), name="page_archive"),
    path("pages/<int:pk>/restore/", landing.LandingPageRestore.as_view(), name="page_restore"),
    path("pages/<int:pk>/delete/", landing.LandingPageDelete.as_view(), name="page_delete"),
    path("pages/<int:pk>/duplicate/", landing.LandingPageDuplicate.as_view(), name="page_duplicate"),
]
