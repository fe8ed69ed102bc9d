"""Addresses of signing in and out; allauth knows those called `account_…` and `mfa_…`."""

from django.urls import URLPattern, URLResolver, include, path

from groundswell.accounts.views import (
    addressing,
    appointing,
    demands,
    factors,
    invitations,
    offices,
    sessions,
    signing,
    steps,
)

ours = [
    path("login/", signing.sign_in, name="sign-in"),
    path("link/", signing.ask_for_link, name="ask-for-link"),
    # Whatever a mail program made of a link is answered by the page that says how to come by another.
    path("link/<str:token>/", signing.use_link, name="use-link"),
    path("come-back/", signing.come_back, name="come-back"),
    path("logout/", signing.sign_out, name="sign-out"),
    path("sessions/", sessions.listed, name="sessions"),
    path("sessions/end/", sessions.end, name="end-session"),
    path("invite/<int:pk>/", invitations.invite, name="invite"),
    path("invite/<int:pk>/call-off/", invitations.call_off, name="call-off"),
    path("password/", factors.password, name="password"),
    path("email/", addressing.another_email, name="email"),
    path("email/<str:token>/", addressing.take_email, name="take-email"),
]
held = [
    path("", offices.offices, name="list"),
    path("factors/", demands.demands, name="factors"),
    path("first/<str:code>/", appointing.first_secretary, name="first"),
    path("give/<str:code>/", offices.give, name="give"),
    path("<int:key>/end/", offices.end, name="end"),
    path("<int:key>/hand-over/", offices.hand_over, name="hand-over"),
]
signing_in: list[URLPattern | URLResolver] = [
    path("", include((ours, "accounts"))),
    path("login/", signing.sign_in, name="account_login"),
    # Nobody signs up by herself; allauth names the page in a mail that is never sent.
    path("login/", signing.sign_in, name="account_signup"),
    path("code/", steps.ask_for_code, name="account_request_login_code"),
    path("code/use/", steps.use_code, name="account_confirm_login_code"),
    path("again/", steps.password_again, name="account_reauthenticate"),
    path("again/code/", steps.factor_again, name="mfa_reauthenticate"),
    path("again/passkey/", steps.passkey_again, name="mfa_reauthenticate_webauthn"),
    path("second/", steps.second_step, name="mfa_authenticate"),
    path("passkey/", steps.sign_in_by_passkey, name="mfa_login_webauthn"),
    path("factors/", factors.factors, name="mfa_index"),
    path("factors/", factors.factors, name="mfa_list_webauthn"),
    path("factors/app/", factors.new_app, name="mfa_activate_totp"),
    path("factors/app/drop/", factors.drop_app, name="mfa_deactivate_totp"),
    path("factors/codes/", factors.recovery_codes, name="mfa_view_recovery_codes"),
    path("factors/codes/new/", factors.new_recovery_codes, name="mfa_generate_recovery_codes"),
    path("factors/passkey/", factors.new_passkey, name="mfa_add_webauthn"),
    path("factors/passkey/<int:pk>/name/", factors.rename_passkey, name="mfa_edit_webauthn"),
    path("factors/passkey/<int:pk>/drop/", factors.drop_passkey, name="mfa_remove_webauthn"),
]
urlpatterns = [
    path("accounts/", include(signing_in)),
    path("offices/", include((held, "offices"))),
]
