"""Who may apply: the rules of a funding call as objects, checked before anybody writes.

from funding.eligibility import check, read_application, read_call
for result in check(read_call(CALL), read_application(APPLICATION)): ...

python -m funding.eligibility CALL.json APPLICATION.json
"""

from funding.eligibility.reading import Unusable, read_application, read_call
from funding.eligibility.rules import RULES, Rule, check
from funding.eligibility.sentences import message, sentence
from funding.eligibility.types import Application, Call, Finding, Result

__all__ = [
    "RULES",
    "Application",
    "Call",
    "Finding",
    "Result",
    "Rule",
    "Unusable",
    "check",
    "message",
    "read_application",
    "read_call",
    "sentence",
]
