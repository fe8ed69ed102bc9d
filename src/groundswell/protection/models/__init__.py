"""What persons ask of those who answer for their data, what they agreed to, and what went wrong."""

from groundswell.protection.models.age import MinimumAge
from groundswell.protection.models.breach import Breach, BreachStep
from groundswell.protection.models.consent import HOWS, Consent, ConsentText, Purpose
from groundswell.protection.models.request import DECISIONS, KINDS, DataRequest
from groundswell.protection.models.sample import Drawn, Sample

__all__ = [
    "DECISIONS",
    "HOWS",
    "KINDS",
    "Breach",
    "BreachStep",
    "Consent",
    "ConsentText",
    "DataRequest",
    "Drawn",
    "MinimumAge",
    "Purpose",
    "Sample",
]
