"""Addresses of the village's pages."""

from django.urls import path

from . import notices, posting, renewals, reviewing, start, township

app_name = "village"
urlpatterns = [
    path("", start.start, name="start"),
    path("list/<slug:what>/", start.listing, name="list"),
    path("cases/<str:number>/", reviewing.one, name="case"),
    path("cases/<str:number>/original/", reviewing.see_original, name="original"),
    path("cases/<str:number>/<slug:verb>/", reviewing.take, name="step"),
    path("notices/", notices.listing, name="notices"),
    path("notices/new/", posting.choose, name="choose"),
    path("notices/new/preview/", posting.preview, name="preview"),
    path("notices/new/preview/notice.pdf", posting.draft_pdf, name="draft-pdf"),
    path("notices/new/posted/", posting.posted, name="posted"),
    path("notices/<int:notice_id>/", notices.one, name="notice"),
    path("notices/<int:notice_id>/notice.pdf", notices.pdf, name="notice-pdf"),
    path("notices/<int:notice_id>/down/", notices.down, name="down"),
    path("renewals/", renewals.listing, name="renewals"),
    path("renewals/new/<str:number>/", renewals.file, name="file-renewal"),
    path("renewals/<str:loan>/<int:year>/", renewals.one, name="renewal"),
    path("renewals/<str:loan>/<int:year>/<slug:verb>/", renewals.take, name="renewal-step"),
    path("township/", township.overview, name="township"),
    path("township/<int:committee_id>/", township.village, name="township-village"),
]
