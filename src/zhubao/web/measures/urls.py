"""Addresses of measures."""

from django.urls import path

from . import bulletins, figures, fund, listing, one, stories, subjects, taking

app_name = "measures"
urlpatterns = [
    path("", listing.everything, name="all"),
    path("take-up/", listing.begin, name="take-up"),
    path("figures/", figures.handed_in, name="figures"),
    path("figures/<slug:name>/", figures.enter, name="enter"),
    path("stories/", stories.public, name="stories"),
    path("fund/", fund.years, name="fund"),
    path("bulletins/", bulletins.everything, name="bulletins"),
    path("bulletins/preview/", bulletins.preview, name="preview"),
    path("bulletins/give-out/", bulletins.publish, name="give-out"),
    path("bulletins/<str:number>/", bulletins.kept, name="bulletin"),
    path("bulletins/<str:number>.pdf", bulletins.paper, name="paper"),
    path("bulletins/<str:number>.xlsx", bulletins.workbook, name="workbook"),
    path("<int:pk>/", one.measure, name="measure"),
    path("<int:pk>/steps/<str:verb>/", taking.take, name="step"),
    path("<int:pk>/evidence/", taking.keep_evidence, name="evidence"),
    path("<int:pk>/evidence/<int:evidence_id>/", one.look, name="file"),
    path("<int:pk>/events/", taking.log, name="event"),
    path("<int:pk>/stories/", stories.write, name="stories-of"),
    path("<int:pk>/stories/<int:story_id>/<str:verb>/", stories.change, name="story"),
    path("<int:pk>/controls/", taking.control, name="control"),
]
__all__ = ["app_name", "subjects", "urlpatterns"]
