"""What happens to members, one event at a time: who joins where, who leaves, moves, founds a branch."""

import datetime as dt
import random
from dataclasses import dataclass
from typing import Final

from groundswell.exchange.scenario.geography import BRANCH_MOST
from groundswell.exchange.scenario.stays import Course, Crossing, Stay

# Members in their first year leave more often than others, by this factor.
NEW_MEMBERS_LEAVE: Final = 2.6
# A fact is entered at most three days late; who leaves after four has been entered before.
ENTERED: Final = 4
# Nobody leaves or moves within so many days, where somebody else can.
SHORTEST_STAY: Final = 12
# Who goes to another section has been a member for so many days.
ROOTED: Final = 120
REJOINING: Final = 0.035
_REST: Final = dt.timedelta(days=45)
_SETTLED: Final = dt.timedelta(days=60)
_YEAR: Final = dt.timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Scene:
    """What an event of a window needs: the course, the branches' aims, the least size, the generator."""

    course: Course
    aims: list[float]
    least: int
    rng: random.Random


def _where(scene: Scene, day: dt.date) -> int:
    """Return the branch a new member comes to: the more a branch lacks of its aim, the likelier."""
    course = scene.course
    standing = [b for b in _standing(course, day) if course.sizes[b] < BRANCH_MOST - 1]
    standing = standing or _standing(course, day)
    lacks = [max(scene.aims[branch] - course.sizes[branch], 0.08) for branch in standing]
    return scene.rng.choices(standing, lacks)[0]


def join(scene: Scene, day: dt.date) -> None:
    """Let somebody new join, or now and then somebody who had left come back."""
    course, branch = scene.course, _where(scene, day)
    gone = [s for s in _last_stays(course) if s.exit == "exit" and s.until and s.until + _REST <= day]
    if gone and scene.rng.random() < REJOINING:
        course.enter(Stay(scene.rng.choice(gone).person, branch, day))
    else:
        course.enter(Stay(course.new_person(branch), branch, day))


def _last_stays(course: Course) -> list[Stay]:
    last = {stay.person: stay for stay in course.stays}
    return list(last.values())


def join_late(scene: Scene, day: dt.date) -> None:
    """Let somebody new join whose joining is to be entered late."""
    branch = _where(scene, day)
    scene.course.enter(Stay(scene.course.new_person(branch), branch, day, fixed=True, late=True))


def leave(scene: Scene, day: dt.date) -> None:
    """Let somebody leave."""
    scene.course.end(_who(scene, day, tenure=SHORTEST_STAY), day, "exit")


def _who(scene: Scene, day: dt.date, tenure: int) -> Stay:
    """Return one who leaves or moves: a member for `tenure` days at least, new members more often."""
    course = scene.course
    entered = [s for s in course.present if not s.fixed and (day - s.since).days >= ENTERED]
    ready = [s for s in entered if (day - s.since).days >= tenure] or entered
    if not ready:
        raise ValueError(f"{course.code}: nobody can leave on {day}")
    ready = [s for s in ready if course.sizes[s.branch] > scene.least] or ready
    weights = [NEW_MEMBERS_LEAVE if day - stay.since < _YEAR else 1.0 for stay in ready]
    return scene.rng.choices(ready, weights)[0]


def move(scene: Scene, day: dt.date) -> None:
    """Transfer a member to another branch of the section, where there is one with room."""
    course = scene.course
    ready = [s for s in course.present if not s.fixed and day - s.since >= _SETTLED]
    ready = [s for s in ready if course.sizes[s.branch] > scene.least + 2]
    standing = [b for b in _standing(course, day) if course.sizes[b] < BRANCH_MOST - 2]
    if not ready:
        return
    stay = scene.rng.choice(ready)
    others = [branch for branch in standing if branch != stay.branch]
    if others:
        lacks = [max(scene.aims[branch] - course.sizes[branch], 0.3) for branch in others]
        _transfer(course, stay, scene.rng.choices(others, lacks)[0], day)


def found(scene: Scene, branch: int, day: dt.date) -> None:
    """Found a branch: two or three members of the largest neighbour make it."""
    course = scene.course
    for _ in range(scene.rng.choice((2, 3, 3))):
        ready = [s for s in course.present if not s.fixed and s.branch != branch]
        ready = [s for s in ready if (day - s.since).days >= SHORTEST_STAY]
        ready = [s for s in ready if course.sizes[s.branch] > scene.least + 1]
        if not ready:
            return
        donors = sorted({s.branch for s in ready})
        largest = max(donors, key=lambda donor: (_near(course, donor, branch), course.sizes[donor]))
        _transfer(course, scene.rng.choice([s for s in ready if s.branch == largest]), branch, day)


def _near(course: Course, one: int, other: int) -> bool:
    return course.aims[one].unit.parent == course.aims[other].unit.parent


def _transfer(course: Course, stay: Stay, branch: int, day: dt.date) -> None:
    move = course.next_move()
    course.end(stay, day, "move_out", move)
    course.enter(Stay(stay.person, branch, day, entry="move_in", transfer_in=move))


def cross(scene: Scene, crossing: Crossing, day: dt.date) -> None:
    """Let a member come from another section, under the transfer's id, or go to one."""
    if crossing.arrives:
        arrival = Stay(
            crossing.id, _where(scene, day), day, entry="move_in", transfer_in=crossing.id, fixed=True
        )
        scene.course.enter(arrival)
    else:
        scene.course.end(_who(scene, day, tenure=ROOTED), day, "move_out", crossing.id)


def _standing(course: Course, day: dt.date) -> list[int]:
    return [branch for branch, aim in enumerate(course.aims) if aim.unit.founded_on <= day]
