"""Addresses of the citizen's pages."""

from django.urls import path

from . import checking, family, informing, other_bank, papers, pension, progress, saving, start

app_name = "citizen"
urlpatterns = [
    path("", start.start, name="start"),
    path("pension/", pension.pension, name="pension"),
    path("pension/apply/", pension.ask, name="pension-apply"),
    path("apply/<slug:policy_id>/", start.before, name="before"),
    path("<slug:number>/", progress.case, name="case"),
    path("<slug:number>/known/", informing.known, name="known"),
    path("<slug:number>/forecast/", informing.reckoned, name="forecast"),
    path("<slug:number>/family/", family.family, name="family"),
    path("<slug:number>/papers/", papers.papers, name="papers"),
    path("<slug:number>/papers/<slug:kind>/", papers.paper, name="paper"),
    path("<slug:number>/files/<int:file_id>/", papers.look, name="file"),
    path("<slug:number>/files/<int:file_id>/remove/", papers.remove, name="remove"),
    path("<slug:number>/check/", checking.check, name="check"),
    path("<slug:number>/sign/", checking.sign, name="sign"),
    path("<slug:number>/done/", checking.done, name="done"),
    path("<slug:number>/history/", progress.history, name="history"),
    path("<slug:number>/withdraw/", progress.withdraw, name="withdraw"),
    path("<slug:number>/object/", progress.object_to, name="object"),
    path("<slug:number>/other-bank/", other_bank.other_bank, name="other-bank"),
    path("<slug:number>/told/<int:notice_id>/", progress.acknowledge, name="acknowledge"),
    path("<slug:number>/fill/<slug:name>/", saving.page, name="section"),
]
