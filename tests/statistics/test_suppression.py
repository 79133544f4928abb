"""What an attacker can learn from published figures: nothing about fewer than five people."""

from dataclasses import dataclass, field
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from edu.statistics.suppression import FEWEST, Cell, Count, Direct, Figures, Node, Published, RoleCount, publish

RIGHTS = Cell(1, 1)
DATA = Cell(2, 1)


def node(position: int, parent: int | None, people: int, **cells: int) -> Node:
    """A node with that many people, of whom `rights` and `data` many are asked; none of them holds anything."""
    named = {"rights": RIGHTS, "data": DATA}
    return Node(position, parent, Direct(people, {named[name]: Count(n, 0) for name, n in cells.items()}))


def shown(published: Published, cell: Cell) -> int | None:
    count = published.figures.cells.get(cell)
    return count.required if count else None


def test_a_unit_under_five_is_in_no_figure_above_it():
    tree = publish([node(1, None, 0), node(2, 1, 4, rights=4), node(3, 1, 8, rights=8)], {})
    assert tree[2].figures == Figures(is_suppressed=True)
    assert (tree[1].figures.people, shown(tree[1], RIGHTS), tree[1].left_out) == (8, 8, 1)


def test_a_unit_made_only_of_small_ones_is_left_out_as_a_whole():
    tree = publish([node(1, None, 0), node(2, 1, 0), node(3, 2, 4), node(4, 2, 4), node(5, 1, 6)], {})
    assert tree[2].figures.is_suppressed
    assert (tree[1].figures.people, tree[1].left_out) == (6, 2)


def test_a_small_cell_is_hidden_and_enters_no_sum():
    tree = publish([node(1, None, 0), node(2, 1, 9, rights=3), node(3, 1, 9, rights=9)], {})
    assert tree[2].figures.withheld == {RIGHTS: Count(3, 0)}
    assert shown(tree[1], RIGHTS) == 9


def test_two_small_cells_are_not_pooled_because_the_secretary_of_one_would_learn_the_other():
    tree = publish([node(1, None, 0), node(2, 1, 9, rights=4), node(3, 1, 9, rights=4), node(4, 1, 9, rights=9)], {})
    assert shown(tree[1], RIGHTS) == 9
    assert tree[1].pooled == {}


def test_three_small_cells_enter_the_sum_together():
    branches = [node(position, 1, 9, rights=4) for position in (2, 3, 4)]
    tree = publish([node(1, None, 0), *branches, node(5, 1, 9, rights=9)], {})
    assert tree[1].pooled == {RIGHTS: Count(12, 0)}
    assert shown(tree[1], RIGHTS) == 21


def test_the_few_directly_in_a_unit_are_left_out_like_a_small_unit():
    tree = publish([node(1, None, 3, rights=3), node(2, 1, 8, rights=8)], {})
    assert (tree[1].figures.people, shown(tree[1], RIGHTS), tree[1].left_out) == (8, 8, 1)


def test_a_unit_without_people_is_empty_and_not_hidden():
    tree = publish([node(1, None, 0)], {})
    assert tree[1].figures == Figures()


def test_the_example_in_the_document_is_true():
    branches = [(38, 12), (41, 3), (29, 4), (33, 4), (4, 4)]
    whole = [node(1, None, 0), *(node(at, 1, people, data=asked) for at, (people, asked) in enumerate(branches, 2))]
    tree = publish(whole, {})
    assert (tree[1].figures.people, shown(tree[1], DATA), tree[1].pooled) == (141, 23, {DATA: Count(11, 0)})
    without_school = publish([one for one in whole if one.position != 5], {})
    assert (shown(without_school[1], DATA), without_school[1].pooled) == (12, {})


def by_role(*branches: tuple[int, ...]) -> Published:
    """A committee of branches, each of 20 people of whom so many have role 1, role 2 …; all are asked for RIGHTS."""
    leaves = [
        Node(
            position,
            1,
            Direct(
                20,
                {RIGHTS: Count(sum(numbers), 0)},
                {role: RoleCount(number, number, 0) for role, number in enumerate(numbers, 1)},
            ),
        )
        for position, numbers in enumerate(branches, 2)
    ]
    return publish([Node(1, None, Direct()), *leaves], {RIGHTS: frozenset({1, 2, 3})})[1]


def test_a_branch_publishes_no_roles_and_the_unit_above_it_all_branches_together():
    leaf = Node(1, None, Direct(9, {RIGHTS: Count(9, 0)}, {1: RoleCount(9, 9, 0)}))
    assert publish([leaf], {})[1].figures.roles == {}
    assert by_role((9, 1), (9, 2), (9, 3)).figures.roles == {1: RoleCount(27, 27, 0)}


def test_a_few_of_a_role_in_many_branches_are_shown_together():
    made = by_role((9, 2), (9, 2), (9, 2), (9, 2))
    assert made.figures.roles == {1: RoleCount(36, 36, 0), 2: RoleCount(8, 8, 0)}


def test_a_role_that_would_leave_few_others_is_hidden():
    made = by_role((9, 1), (9, 1), (9, 1))
    assert made.figures.roles == {}
    assert made.figures.withheld_roles == {1, 2}


def test_a_role_that_has_few_outside_one_branch_is_hidden_from_its_secretary():
    assert by_role((5, 9), (9, 1)).figures.withheld_roles == {2}
    assert by_role((5, 9), (9, 0)).figures.withheld_roles == set()


# Random trees. Each place where people are known by name has one bit in `held`, so that a published sum says which
# places it is made of: the attacker below knows even more than a reader of the pages.


@dataclass(frozen=True)
class Forest:
    nodes: list[Node]
    #: bit → (home, people counted in it in each cell)
    people: dict[int, dict[Cell, int]] = field(default_factory=dict)


CELLS = (Cell(1, 1), Cell(1, 2), Cell(2, 1))


@st.composite
def forests(draw: st.DrawFn) -> Forest:
    nodes: list[Node] = []
    people: dict[int, dict[Cell, int]] = {}
    path: list[int] = []
    for position in range(1, draw(st.integers(1, 14)) + 1):
        del path[draw(st.integers(1, max(1, len(path)))) :]
        headcount = draw(st.sampled_from((0, 2, 4, 5, 6, 9, 20)))
        counted = {cell: draw(st.integers(0, headcount)) for cell in CELLS}
        cells = {cell: Count(number, 1 << position if number else 0) for cell, number in counted.items()}
        people[1 << position] = counted
        nodes.append(Node(position, path[-1] if path else None, Direct(headcount, cells)))
        path.append(position)
    return Forest(nodes, people)


def bits(mask: int) -> list[int]:
    return [1 << index for index in range(mask.bit_length()) if mask >> index & 1]


def number(forest: Forest, cell: Cell, mask: int) -> int:
    return sum(forest.people[bit][cell] for bit in bits(mask))


def known(tree: dict[int, Published], cell: Cell) -> set[int]:
    """Every set of places whose people some page counts in a cell, as a number, a row or a pool."""
    masks = set()
    for published in tree.values():
        for cells in (published.figures.cells, published.direct.cells, published.pooled):
            if cell in cells:
                masks.add(cells[cell].held)
    return masks


@settings(max_examples=400, deadline=None)
@given(forests())
def test_no_difference_of_published_numbers_counts_one_to_four_people(forest: Forest):
    tree = publish(forest.nodes, {})
    for cell in CELLS:
        masks = known(tree, cell)
        for mask in masks:
            assert number(forest, cell, mask) >= FEWEST
        for one, other in combinations(masks, 2):
            assert one & other in (0, one, other), "published groups lie in one another or apart"
        for mask in masks:
            inside = [small for small in masks if small & mask == small and small != mask]
            rest = mask
            for small in inside:
                rest &= ~small
            # Of groups that lie in one another or apart, any sum and difference is a sum of such rests.
            assert rest == 0 or number(forest, cell, rest) >= FEWEST


@settings(max_examples=400, deadline=None)
@given(forests())
def test_nor_does_it_for_a_secretary_who_subtracts_the_own_branch(forest: Forest):
    tree = publish(forest.nodes, {})
    for cell in CELLS:
        masks = known(tree, cell)
        for mask in masks:
            inside = [small for small in masks if small & mask == small and small != mask]
            rest = mask
            for small in inside:
                rest &= ~small
            for own in bits(rest):
                left = number(forest, cell, rest & ~own)
                assert left == 0 or left >= FEWEST


@settings(max_examples=200, deadline=None)
@given(forests())
def test_every_number_is_the_sum_of_what_is_shown_with_it(forest: Forest):
    tree = publish(forest.nodes, {})
    for here in forest.nodes:
        made = tree[here.position]
        below = [tree[other.position] for other in forest.nodes if other.parent == here.position]
        if not below:
            continue
        parts = [made.direct, *(child.figures for child in below)]
        assert made.figures.people == sum(part.people for part in parts)
        for cell in CELLS:
            whole = sum(part.cells.get(cell, Count(0, 0)).required for part in parts)
            whole += made.pooled.get(cell, Count(0, 0)).required
            assert made.figures.cells.get(cell, Count(0, 0)).required == whole
        assert made.left_out == sum(
            1 for one in forest.nodes if is_below(forest.nodes, one, here) and 0 < one.direct.people < FEWEST
        )


def is_below(nodes: list[Node], one: Node, top: Node) -> bool:
    parents = {node.position: node.parent for node in nodes}
    at: int | None = one.position
    while at is not None and at != top.position:
        at = parents[at]
    return at == top.position


@settings(max_examples=200, deadline=None)
@given(forests())
def test_a_number_is_the_same_whichever_page_made_it(forest: Forest):
    """A page reads only the units below it; what it publishes of them is what the pages above publish."""
    whole = publish(forest.nodes, {})
    for here in forest.nodes:
        part = [
            one._replace(parent=None) if one == here else one
            for one in forest.nodes
            if is_below(forest.nodes, one, here)
        ]
        assert publish(part, {}) == {position: whole[position] for position in publish(part, {})}


REQUIRES = {1: {CELLS[0]}, 2: {CELLS[0], CELLS[1]}, 3: {CELLS[0], CELLS[1], CELLS[2]}, 4: {CELLS[2]}}
ASKED = {cell: frozenset(role for role, cells in REQUIRES.items() if cell in cells) for cell in CELLS}


@st.composite
def staffed(draw: st.DrawFn) -> dict[int, tuple[int, list[int]]]:
    """position → (node above, the one role of each person, 0 for none) below a committee at 1.

    Roles are set apart, so that a sum of roles is a group of people, and what is left over is one as well.
    """
    staff = st.lists(st.integers(0, 4), min_size=0, max_size=16)
    offices: dict[int, tuple[int, list[int]]] = {2: (1, draw(staff)), 3: (1, draw(staff))}
    for position in range(4, draw(st.integers(4, 10)) + 1):
        offices[position] = (draw(st.sampled_from((1, 2, 3))), draw(staff))
    return offices


def direct(position: int, people: list[int]) -> Direct:
    counts = {cell: sum(cell in REQUIRES.get(role, ()) for role in people) for cell in CELLS}
    cells = {cell: Count(number, 1 << position if number else 0) for cell, number in counts.items()}
    roles = {
        role: RoleCount(people.count(role), people.count(role) * len(REQUIRES[role]), 0)
        for role in REQUIRES
        if role in people
    }
    return Direct(len(people), cells, roles)


@settings(max_examples=400, deadline=None)
@given(staffed())
def test_no_sum_of_roles_leaves_one_to_four_people_of_a_cell(offices: dict[int, tuple[int, list[int]]]):
    order = sorted(offices, key=lambda position: (offices[position][0], position))
    below = {top: [position for position in order if offices[position][0] == top] for top in (1, 2, 3)}
    sequence = [position for top in below[1] for position in (top, *below.get(top, []))]
    nodes = [Node(position, offices[position][0], direct(position, offices[position][1])) for position in sequence]
    tree = publish([Node(1, None, Direct()), *nodes], ASKED)
    for top in (1, 2, 3):
        if below[top]:
            check_roles(offices, tree, top, below[top])


def check_roles(
    offices: dict[int, tuple[int, list[int]]], tree: dict[int, Published], top: int, below: list[int]
) -> None:
    """What a reader knows of the leaves of one node: its numbers less those of the nodes below that are no leaves."""
    inner = [tree[position] for position in below if tree[position].kept is None]
    leaves = [position for position in below if tree[position].kept is not None] + [top]
    counted = [position for position in leaves if len(offices.get(position, (0, []))[1]) >= FEWEST]
    staff = [role for position in counted for role in offices[position][1]]
    assert {role: count.people for role, count in tree[top].here.roles.items()} == {
        role: staff.count(role) for role in tree[top].here.roles
    }
    for cell in CELLS:
        whole = tree[top].figures.cells.get(cell, Count(0, 0))
        mask = whole.held - sum(other.figures.cells.get(cell, Count(0, 0)).held for other in inner)
        known = [
            role for bit in bits(mask) for role in offices[bit.bit_length() - 1][1] if cell in REQUIRES.get(role, ())
        ]
        roles = [role for role in tree[top].here.roles if cell in REQUIRES[role]]
        for size in range(1, len(roles) + 1):
            for some in combinations(roles, size):
                if any(known.count(role) < staff.count(role) for role in some):
                    continue  # some of them are in no cell that is shown: the difference is no group of people
                left = len(known) - sum(staff.count(role) for role in some)
                assert left == 0 or left >= FEWEST
