"""Numbers of the tree: a subtree is one range, whatever the shape."""

from hypothesis import given
from hypothesis import strategies as st

from edu.people.tree import Node, Number, hangs_below, number


@st.composite
def trees(draw: st.DrawFn) -> list[Node]:
    """Each node hangs under an earlier one, or at the top."""
    size = draw(st.integers(1, 30))
    parents = [None, *(draw(st.sampled_from([None, *range(1, at)])) for at in range(2, size + 1))]
    return [Node(at, parent, draw(st.booleans())) for at, parent in enumerate(parents, start=1)]


def lineage(node: Node, nodes: dict[int, Node]) -> list[Node]:
    """The node and all above it, itself first."""
    line = [node]
    while line[-1].parent_id is not None:
        line.append(nodes[line[-1].parent_id])
    return line


@given(trees())
def test_a_unit_lies_in_the_range_of_exactly_those_above_it(nodes: list[Node]) -> None:
    by_id, numbers = {node.id: node for node in nodes}, number(nodes)
    for node in nodes:
        above = {other.id for other in lineage(node, by_id)}
        covering = {other for other, span in numbers.items() if span.first <= numbers[node.id].first <= span.last}
        assert covering == above


@given(trees())
def test_people_are_known_in_the_nearest_home_or_in_their_own_unit(nodes: list[Node]) -> None:
    by_id, numbers = {node.id: node for node in nodes}, number(nodes)
    for node in nodes:
        home = next((other for other in lineage(node, by_id) if other.is_home), node)
        assert numbers[node.id].home_first == numbers[home.id].first


@given(trees())
def test_numbers_run_from_one_without_a_gap(nodes: list[Node]) -> None:
    assert sorted(span.first for span in number(nodes).values()) == list(range(1, len(nodes) + 1))


def test_siblings_keep_the_order_they_are_given_in() -> None:
    nodes = [Node(1, None, False), Node(3, 1, True), Node(2, 1, True)]
    assert number(nodes) == {1: Number(1, 3, 1), 3: Number(2, 2, 2), 2: Number(3, 3, 3)}


def test_a_very_deep_tree_is_numbered_too() -> None:
    nodes = [Node(1, None, False), *(Node(at, at - 1, False) for at in range(2, 5001))]
    assert number(nodes)[5000] == Number(5000, 5000, 5000)


def test_a_unit_hangs_below_itself_and_below_all_above_it() -> None:
    parents = {1: None, 2: 1, 3: 2, 4: 1}
    assert [hangs_below(3, upper, parents) for upper in (1, 2, 3, 4)] == [True, True, True, False]
