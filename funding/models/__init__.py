"""The room's rows: calls, applications, reviews, decisions, grants and the de minimis ledger."""

from funding.models.aid import Aid, Declaration, DeclaredAid, RefusedAid, RegisterImport
from funding.models.applications import Answer, Application, Attachment, Cost, Partner, Revision, Submission
from funding.models.calls import (
    ActivityType,
    CallDocument,
    Correction,
    CostCategory,
    Criterion,
    Funder,
    FundingCall,
    Question,
)
from funding.models.decisions import Appeal, Award, Decision, Letter, LetterTemplate
from funding.models.grants import Grant, GrantReport, Milestone, Payment
from funding.models.reviews import Assignment, ModeratedScore, Remark, Reviewer, Score
from funding.models.searches import PartnerSearch, SearchReply, TopicOfCall

__all__ = [
    "ActivityType",
    "Aid",
    "Answer",
    "Appeal",
    "Application",
    "Assignment",
    "Attachment",
    "Award",
    "CallDocument",
    "Correction",
    "Cost",
    "CostCategory",
    "Criterion",
    "Decision",
    "Declaration",
    "DeclaredAid",
    "Funder",
    "FundingCall",
    "Grant",
    "GrantReport",
    "Letter",
    "LetterTemplate",
    "Milestone",
    "ModeratedScore",
    "Partner",
    "PartnerSearch",
    "Payment",
    "Question",
    "RefusedAid",
    "RegisterImport",
    "Remark",
    "Reviewer",
    "Revision",
    "Score",
    "SearchReply",
    "Submission",
    "TopicOfCall",
]
