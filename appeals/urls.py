from django.urls import path

from . import attachment_views, check_views, draft_views, receipt_views, statistics_views, tracking_views, views

app_name = "appeals"

urlpatterns = [
    path("", views.rules, name="rules"),
    path("write/", views.write, name="write"),
    path("write/offline/", views.write_offline, name="write_offline"),
    path("write/save/", draft_views.save, name="save"),
    path("erase/", draft_views.erase, name="erase"),
    path("resume/", draft_views.resume, name="resume"),
    path("write/files/", attachment_views.upload, name="upload"),
    path("write/files/<row:file_id>/remove/", attachment_views.remove, name="remove_file"),
    path("check/", check_views.check, name="check"),
    path("check/appeal.pdf", check_views.document, name="document"),
    path("receipt/", receipt_views.receipt, name="receipt"),
    path("receipt/receipt.pdf", receipt_views.receipt_pdf, name="receipt_pdf"),
    path("receipt/qr.svg", receipt_views.receipt_qr, name="receipt_qr"),
    path("verify/", receipt_views.verify, name="verify"),
    path("statistics/", statistics_views.statistics, name="statistics"),
    path("statistics/statistics.csv", statistics_views.statistics_csv, name="statistics_csv"),
    path("track/", tracking_views.track, name="track"),
    path("case/", tracking_views.case, name="case"),
    path("case/message/", tracking_views.message, name="message"),
    path("case/mend/", tracking_views.mend, name="mend"),
    path("case/files/<row:file_id>/", tracking_views.file, name="case_file"),
    path("case/withdraw/", tracking_views.withdraw, name="withdraw"),
    path("case/rate/", tracking_views.rate, name="rate"),
    path("case/leave/", tracking_views.leave, name="leave"),
    path("files/<row:file_id>/", views.draft_file, name="draft_file"),
]
