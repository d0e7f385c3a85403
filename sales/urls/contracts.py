"""Contracts, what is due on them, and what was paid."""

from django.urls import path

from ..views import contracts, payments, plans
from ..views import picking as picks

app_name = "contracts"

urlpatterns = [
    path("sales/contracts/", contracts.ContractList.as_view(), name="contract_list"),
    path("sales/contracts/new/", picks.ContractPick.as_view(), name="contract_pick"),
    path("sales/contracts/new/<int:customer>/", contracts.ContractCreate.as_view(), name="contract_create"),
    path("sales/contracts/<int:pk>/", contracts.ContractDetail.as_view(), name="contract_detail"),
    path("sales/contracts/<int:pk>/edit/", contracts.ContractEditor.as_view(), name="contract_update"),
    path("sales/contracts/<int:pk>/submit/", contracts.ContractSubmit.as_view(), name="contract_submit"),
    path("sales/contracts/<int:pk>/send/", contracts.ContractSend.as_view(), name="contract_send"),
    path("sales/contracts/<int:pk>/sign/", contracts.ContractSign.as_view(), name="contract_sign"),
    path("sales/contracts/<int:pk>/file/", contracts.ContractFile.as_view(), name="contract_file"),
    path("sales/contracts/<int:pk>/complete/", contracts.ContractComplete.as_view(), name="contract_complete"),
    path("sales/contracts/<int:pk>/cancel/", contracts.ContractCancel.as_view(), name="contract_cancel"),
    path("sales/contracts/<int:pk>/renew/", contracts.ContractRenew.as_view(), name="contract_renew"),
    path("sales/contracts/<int:pk>/delete/", contracts.ContractDelete.as_view(), name="contract_delete"),
    path("sales/contracts/<int:pk>/pdf/", contracts.ContractPdf.as_view(), name="contract_pdf"),
    path("sales/contracts/<int:pk>/plan/", plans.PlanEditor.as_view(), name="contract_plan"),
    path("sales/contracts/<int:pk>/pay/", payments.PaymentCreate.as_view(), name="payment_create"),
    path("sales/quotes/new/", picks.QuotePick.as_view(), name="quote_pick"),
    path("sales/quotes/<int:pk>/contract/", contracts.ContractOfQuote.as_view(), name="contract_of_quote"),
    path("sales/quotes/<int:pk>/order/", contracts.OrderOfQuote.as_view(), name="order_of_quote"),
    path("sales/payments-due/", payments.InstalmentList.as_view(), name="instalment_list"),
    path("sales/payments/", payments.PaymentList.as_view(), name="payment_list"),
    path("sales/payments/<int:pk>/", payments.PaymentDetail.as_view(), name="payment_detail"),
    path("sales/payments/<int:pk>/refund/", payments.PaymentRefund.as_view(), name="payment_refund"),
    path("sales/payments/<int:pk>/reverse/", payments.PaymentReverse.as_view(), name="payment_reverse"),
    path("sales/payments/<int:pk>/credit/", payments.PaymentCredit.as_view(), name="payment_credit"),
    path("sales/reminders/<int:pk>/send/", payments.ReminderSend.as_view(), name="reminder_send"),
    path("settings/payments/", payments.PaymentDesk.as_view(), name="payment_settings"),
]
