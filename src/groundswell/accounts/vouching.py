"""allauth writes its rows itself; what it writes through its models is vouched for here (decision 0405)."""

import json
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.serializers.json import DjangoJSONEncoder

from groundswell.access import gate
from groundswell.access.trail import record


def vouch_for(instance: Authenticator, **_more: Any) -> None:
    """Vouch for a second factor about to be saved. For Django's `pre_save`."""
    data = json.dumps(instance.data, cls=DjangoJSONEncoder)
    (written,) = gate.ask("select (%s::jsonb)::text", [data]) or ("",)
    gate.vouch("mfa_authenticator", instance.user_id, instance.type, written)


def factor_saved(instance: Authenticator, *, created: bool, **_more: Any) -> None:
    """Record a new second factor in the trail, without what it holds. For Django's `post_save`."""
    if created:
        record(
            "accounts.factor.added", actor=None, subject=None, account=instance.user_id, kind=instance.type
        )


def factor_deleted(instance: Authenticator, **_more: Any) -> None:
    """Record that a second factor is gone. For Django's `post_delete`."""
    record("accounts.factor.removed", actor=None, subject=None, account=instance.user_id, kind=instance.type)
