"""The sample cluster's three matchmaking rounds: one over, one open for choices, one being planned."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from cluster_portal.sample import round_over
from cluster_portal.sample.round_steps import chance, confirm, content, hand_in_ballots, invite, set_up, solve
from core.models import Mail
from matchmaking import announcing
from matchmaking.actions import requests, rounds, sign_up
from matchmaking.free_slots import free_for_both
from matchmaking.models import Participant, Round
from members.models import User

# Of those invited to the open round: who has not answered yet, who has declined, whose ballot is still empty.
SILENT, DECLINED, UNDECIDED = 9, 17, 6

Told = dict[str, Any]


@transaction.atomic
def load(*, today: date, by: User) -> None:
    """The three rounds. Nobody is written to: these people do not exist."""
    told = content()
    over, is_open, planned = told["round"]
    guests = {each["key"]: [g for g in told["guest"] if each["key"] in g["rounds"]] for each in told["round"]}
    last = Mail.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    round_over.load(over, guests[over["key"]], told["feedback"], told["outcome"], today=today, by=by)
    # They name days of the time before everything was moved back.
    Mail.objects.filter(pk__gt=last).delete()
    open_round(is_open, guests[is_open["key"]], told["request"], today=today, by=by)
    invite(set_up(planned, today=today, by=by), planned, [], by=by)
    announcing.send_due()
    Mail.objects.filter(status=Mail.Status.QUEUED).update(status=Mail.Status.SENT, sent_at=timezone.now())


def open_round(told: Told, guests: list[Told], asked: list[Told], *, today: date, by: User) -> Round:
    """Most have confirmed and chosen, some have asked each other for a meeting, and a first draft is made."""
    round_ = set_up(told, today=today, by=by)
    rounds.open_round(round_=round_, by=by)
    own = {guest["email"]: guest for guest in guests}
    busy = {name for each in asked for name in (each["sender"], each["receiver"])}
    for number, participant in enumerate(invite(round_, told, guests, by=by), start=1):
        participant.round = round_
        if participant.company in busy or (number % SILENT and number % DECLINED):
            confirm(participant, own.get(participant.email))
        elif number % DECLINED == 0:
            sign_up.decline(participant=participant, sentence="We are at a fair in that week. Ask us again.")
    hand_in_ballots(round_, undecided=UNDECIDED)
    ask_and_answer(round_, asked)
    solve(round_, by=by)
    return round_


def ask_and_answer(round_: Round, asked: list[Told]) -> None:
    """Requests between those who have confirmed; some are answered, the others wait."""
    people = {each.company: each for each in Participant.objects.confirmed().filter(round=round_)}
    for told in asked:
        sender, receiver = people[told["sender"]], people[told["receiver"]]
        sender.round = receiver.round = round_
        slot = chance(told["sender"]).choice(free_for_both(sender, receiver))
        request = requests.ask(participant=sender, other=receiver, slot=slot, sentence=told["sentence"])
        if "answer" in told:
            accepted = told["answer"] == "yes"
            requests.answer(request=request, participant=receiver, accepted=accepted, sentence=told["words"])
        round_.refresh_from_db()
