"""The acts of those who set how long things are kept, and of those whose things they are; and their entries."""

from acts import TARGET_ADA, Case
from django.utils import timezone
from factories import asked, make_owner, make_team, make_user

from accounts.models import User
from retention import changing, erasing, exporting, holding, record, sweeping, wishing
from retention.models import Export, Hold, HouseRules, Wish

MADE = "accounts.person_added"
PLACED = (MADE, "retention.hold_placed")


def cancel(_: User) -> None:
    changing.cancel(changing.change(None, {"days": 30}, by=make_owner()), by=make_owner())


def placed(ada: User) -> Hold:
    return holding.place(by=make_owner(), reason="Secret reason.", person=ada)


def olga_audits() -> User:
    return make_user("auditor@example.org", role=User.Role.AUDITOR)


def wish_of(ada: User) -> Wish:
    chat = asked(ada).message.conversation
    return wishing.ask(ada, team=make_team(), conversation=chat.pk, goes_at=timezone.now(), reason="Secret reason.")


def replay(_: User) -> None:
    sweeping.replay()


def resume(_: User) -> None:
    HouseRules.objects.create(id=1, paused_at=timezone.now())
    sweeping.resume(by=make_owner())


EXEMPT = {
    "retention.changing.current": "reads",
    "retention.changing.changed": "computes",
    "retention.changing.preview": "reads",
    "retention.changing.shortens": "computes",
    "retention.changing.refuse_contradictions": "refuses",
    "retention.changing.waiting": "reads",
    "retention.changing.holds_at": "reads",
    "retention.changing.settle": "lets changes hold, each with an entry of its own: tests/retention",
    "retention.holding.targets": "names targets",
    "retention.holding.is_held": "computes",
    "retention.erasing.count_of": "reads",
    "retention.erasing.left_of": "reads",
    "retention.erasing.over": "reads",
    "retention.erasing.finish": "is part of a sweep, whose entry counts it",
    "retention.erasing.unname": "is part of a sweep, whose entry counts it",
    "retention.exporting.path_of": "computes",
    "retention.exporting.exports_of": "reads",
    "retention.exporting.make": "writes what was asked for, with an entry of its own: tests/retention",
    "retention.exporting.drop_with": "is part of a sweep, whose entry counts it",
    "retention.exporting.ring_for_waiting": "rings",
    "retention.wishing.wishes_for": "reads",
    "retention.sweeping.sweep": "writes its entry when something went: tests/retention",
    "retention.sweeping.chunk": "is part of a sweep",
    "retention.sweeping.bury": "is part of a sweep",
    "retention.sweeping.clear_leftovers": "is part of a sweep",
    "retention.sweeping.settle": "is part of a sweep",
    "retention.sweeping.restored": "reads",
    "retention.sweeping.is_ahead": "reads",
    "retention.sweeping.tidy": "removes what no row names: nobody can have seen it",
    "retention.sweeping.forget_old_runs": "receipts that are as old as the log's oldest entries",
}
CASES = {
    "retention.changing.change": Case(
        lambda _: changing.change(None, {"least": 3}, by=make_owner()),
        (MADE, "retention.rules_changed"),
        {"changes": {"least": {"old": 0, "new": 3}}},
    ),
    "retention.changing.cancel": Case(cancel, (MADE, "retention.change_asked", "retention.change_cancelled"), {}),
    "retention.holding.place": Case(placed, PLACED, {}),
    "retention.holding.release": Case(
        lambda ada: holding.release(placed(ada), by=make_owner()), (*PLACED, "retention.hold_released"), {}
    ),
    "retention.holding.search": Case(
        lambda ada: holding.search(placed(ada), words="salamanders", by=olga_audits()),
        (*PLACED, MADE, "retention.held_searched"),
        {"facts": {"found": 0}},
    ),
    "retention.erasing.ask": Case(
        lambda ada: erasing.ask(asked(ada).user, by=ada),
        ("retention.erasure_asked",),
        TARGET_ADA | {"facts": {"account": False, "conversations": 1}},
    ),
    "retention.erasing.erase_all_of": Case(
        erasing.erase_all_of, ("retention.erasure_asked",), TARGET_ADA | {"facts": {"account": True}}
    ),
    "retention.exporting.ask": Case(exporting.ask, ("retention.export_asked",), {}),
    "retention.exporting.ask_held": Case(
        lambda ada: exporting.ask_held(placed(ada), words="salamanders", by=olga_audits()),
        (*PLACED, MADE, "retention.held_exported"),
        {"facts": {"selected": True}},
    ),
    "retention.exporting.fetch": Case(
        lambda ada: exporting.fetch(exporting.ask(ada)), ("retention.export_asked", "retention.export_fetched"), {}
    ),
    "retention.exporting.delete": Case(
        lambda ada: exporting.delete(Export.objects.get(pk=exporting.ask(ada).pk)),
        ("retention.export_asked", "retention.export_deleted"),
        {},
    ),
    "retention.wishing.ask": Case(wish_of, ("retention.keep_asked",), {}),
    "retention.wishing.grant": Case(
        lambda ada: wishing.grant(wish_of(ada), days=30, by=make_owner()),
        ("retention.keep_asked", MADE, "retention.keep_decided"),
        {"facts": {"answer": "kept", "days": 30}},
    ),
    "retention.wishing.refuse": Case(
        lambda ada: wishing.refuse(wish_of(ada), by=make_owner()),
        ("retention.keep_asked", MADE, "retention.keep_decided"),
        {"facts": {"answer": "refused"}},
    ),
    "retention.sweeping.ask": Case(lambda _: sweeping.ask(by=make_owner()), (MADE, "retention.sweep_asked"), {}),
    "retention.sweeping.resume": Case(resume, (MADE, "retention.resumed"), {}),
    "retention.sweeping.replay": Case(replay, ("retention.deletions_replayed",), {}),
    "retention.record.in_force_for": Case(
        lambda _: record.in_force_for(olga_audits(), at="now"), (MADE, "retention.rules_exported"), {}
    ),
}
