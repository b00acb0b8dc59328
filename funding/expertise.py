"""What an application is about, as the assignment of reviewers reads it."""

from collections.abc import Iterable

from funding.assigning import Subject
from funding.models import Answer, Application, Partner
from members.models import Profile


def subjects_of(applications: Iterable[Application]) -> list[Subject]:
    """Words, branches and activities of applications, in a constant number of queries."""
    applications = list(applications)
    keys = [each.pk for each in applications]
    words: dict[int, list[str]] = {each.pk: [each.title, each.summary] for each in applications}
    nace: dict[int, set[str]] = {key: set() for key in keys}
    activities: dict[int, set[str]] = {key: set() for key in keys}
    parts = Partner.objects.taking_part().filter(application__in=keys).prefetch_related("activity_types")
    organisations: dict[int, list[int]] = {}
    for part in parts:
        words[part.application_id].append(part.role)
        activities[part.application_id] |= {each.name for each in part.activity_types.all()}
        if part.organisation_id:
            organisations.setdefault(part.organisation_id, []).append(part.application_id)
    profiles = Profile.objects.filter(organisation__in=organisations).values_list("organisation", "nace_codes")
    for organisation, codes in profiles:
        for application in organisations[organisation]:
            nace[application] |= set(codes)
    for application, value in Answer.objects.filter(application__in=keys).values_list("application", "value"):
        words[application].append(value if isinstance(value, str) else "")
    return [Subject(key, "\n".join(words[key]), frozenset(nace[key]), frozenset(activities[key])) for key in keys]
