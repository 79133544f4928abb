"""Why a module is in the plan, in one sentence; and what a ladder says beside its picture."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

from edu.courses.queries import RoleRow, TopicRow
from edu.gaps.ladder import DOUBT, certainty
from edu.gaps.rungs import LACK, Ladder
from edu.web.filters import day, in_language


def reason(ladder: Ladder, layer: int, topic: TopicRow, roles: Mapping[int, RoleRow]) -> str:
    """Which role asks for the layer, what was shown there, and how sure that is."""
    role = roles.get(ladder.role_id or 0)
    asks = in_language(role.names) if role else ""
    words = {"role": asks, "layer": ladder.required, "topic": in_language(topic.names), "asked": layer}
    here = ladder.shown[layer - 1]
    words |= {"right": here.right, "answered": here.right + here.wrong, "level": ladder.level}
    words["sure"] = sureness(ladder.q[layer - 1])
    if layer in ladder.lapsed:
        return _(
            "The role “%(role)s” requires layer %(layer)s in %(topic)s; layer %(asked)s was shown last on %(day)s, and"
            " after so long that is no longer sure.",
            day=day(ladder.last_on[layer - 1]),
            **words,
        )
    if not asks:
        return _("It comes before a module that your role requires.")
    if words["answered"]:
        return _(
            "The role “%(role)s” requires layer %(layer)s in %(topic)s; of your answers at layer %(asked)s so far,"
            " %(right)s of %(answered)s were right (%(sure)s).",
            **words,
        )
    return not_asked(ladder, words)


def not_asked(ladder: Ladder, words: Mapping[str, object]) -> str:
    """Of a layer at which nothing was asked: what the other answers of the topic say."""
    if ladder.level:
        return _(
            "The role “%(role)s” requires layer %(layer)s in %(topic)s; you have shown layer %(level)s, and layer"
            " %(asked)s has not been asked yet (%(sure)s).",
            **words,
        )
    if any(shown.right + shown.wrong for shown in ladder.shown):
        return _(
            "The role “%(role)s” requires layer %(layer)s in %(topic)s; layer %(asked)s has not been asked yet, your"
            " other answers there speak against it (%(sure)s).",
            **words,
        )
    return _("The role “%(role)s” requires layer %(layer)s in %(topic)s; nothing has been shown there yet.", **words)


def sureness(chance: float) -> str:
    """How sure it is that a layer lacks; in words where it may well be held."""
    return _("%(sure)s%% sure", sure=certainty(chance)) if chance < DOUBT else _("not sure yet")


def note(ladder: Ladder) -> str:
    """What a ladder says in three words."""
    if not ladder.required:
        return _("Not required")
    if not ladder.lacking:
        return _("Requirement met")
    lowest = ladder.lacking[0]
    if lowest in ladder.lapsed:
        return _("Layer %(layer)s was long ago", layer=lowest)
    if LACK in ladder.states:
        return _("Lacks layer %(layer)s", layer=ladder.states.index(LACK) + 1)
    return _("Layer %(layer)s not shown yet", layer=lowest)


def minutes(count: int) -> str:
    return ngettext("%(num)s minute", "%(num)s minutes", count)
