"""Addresses of the end of a loan."""

from django.urls import path

from . import card_forms, certificate, death, death_forms, early_forms, own, quote, transfer

app_name = "endings"
urlpatterns = [
    path("own/<str:number>/", own.own, name="own"),
    path("own/<str:number>/ask/", own.ask, name="own-ask"),
    path("own/<str:number>/card/", own.card, name="own-card"),
    path("own/<str:number>/transfer/", own.move, name="own-transfer"),
    path("own/<str:number>/transfer/<int:request_id>/drop/", own.drop_move, name="own-drop"),
    path("loans/<str:number>/quote/", quote.quote, name="quote"),
    path("loans/<str:number>/certify/", certificate.certify, name="certify"),
    path("loans/<str:number>/death/", death.sheet, name="death"),
    path("loans/<str:number>/transfer/", transfer.transfer, name="transfer"),
    path("loans/<str:number>/transfer/<int:request_id>/release/", transfer.release, name="release"),
    path("loans/<str:number>/transfer/<int:request_id>/drop/", transfer.drop, name="drop"),
]
__all__ = ["app_name", "card_forms", "death_forms", "early_forms", "urlpatterns"]
