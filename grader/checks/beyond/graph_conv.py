"""Every node takes from itself and its neighbours, and all share one weight."""

from grader.checks._shared import (
    of_arguments,
    of_result,
    products_of,
    transposed,
)
from grader.vocabulary import (
    Exercise,
    array,
    between,
    bits,
    one_of,
    real,
    strategy,
    undrawn,
    uniform,
    wide,
)


@strategy
def graphs(draw, connected=True, weights=0):
    """Draw a graph, the numbers of its nodes and a weight; `weights` of the edges are not 1."""
    v, d, k = draw(between(1, 5)), draw(between(1, 4)), draw(between(1, 4))
    edges = draw(array(v, v, of=bits))
    if draw(weights):
        edges = edges * draw(array(v, v, of=uniform(0.25, 3.0)))
    if connected:
        for node in range(v):
            edges[node, (node + 1) % v] = max(edges[node, (node + 1) % v], 0.5 if weights else 1.0)
    else:
        lonely = draw(between(0, v - 1))
        edges[lonely] = edges[:, lonely] = 0.0
    for node in range(v):
        edges[node, : node + 1] = 0.0
    both = edges + edges.T
    if connected and v > 1:
        both[0, v - 1] = both[v - 1, 0] = max(both[0, v - 1], 1.0)
    return both, draw(array(v, d, of=wide)), draw(array(d, k, of=real))


def degrees(adjacency):
    """Return how strongly each node is connected."""
    return adjacency.sum(1)


exercise = Exercise(
    points=3,
    decks=("000",),
    levels={
        "edges": graphs(),
        "a node without edges": graphs(connected=False),
        "edges of different weights": graphs(connected=False, weights=one_of(1, 1, 0)),
    },
    features={
        "several nodes": lambda adjacency: len(adjacency) > 1,
        "a node without edges": lambda adjacency: degrees(adjacency).min() == 0,
        "nodes with unlike neighbourhoods": lambda adjacency: (
            degrees(adjacency).max() > degrees(adjacency).min()
        ),
        "edges of different weights": lambda adjacency: bool(
            ((adjacency != 0) & (adjacency != 1)).any()
        ),
        "D and K different": lambda weight: weight.shape[0] != weight.shape[1],
        "V and D different": lambda h: h.shape[0] != h.shape[1],
        "several numbers a node": lambda h: h.shape[1] > 1,
    },
    never=[
        undrawn(
            "tiny far huge near below",
            "An edge is there or not, or about as strong.",
            of="adjacency",
        ),
        undrawn("huge below", "It multiplies the numbers of the nodes alone.", of="weight"),
    ],
    terms=products_of("h", "weight"),
    hints=(
        "From whom does a node take, besides its neighbours, and what is left of one that has "
        "none? How many does it count then, itself included, and which two of these numbers "
        "divide what it takes from a neighbour?",
        "Two nodes and the edge between them; they have the numbers 2 and 4, the weight is 1:\n"
        "1 + 1 = 2                                   each counts itself and the other\n"
        "2 / sqrt(2 * 2) + 4 / sqrt(2 * 2) = 3       what each gets\n"
        "edge = [[0, 1], [1, 0]]\n"
        "graph_conv(edge, [[2], [4]], [[1]]) = [[3], [3]]\n"
        "graph_conv([[0]], [[2]], [[1]]) = [[2]]",
        "with_itself = ...              # every node is its own neighbour\n"
        "root = ...                     # of each row's sum\n"
        "shared = with_itself / ...     # once by the row's root, once by the column's\n"
        "return shared @ ... @ ...",
    ),
)


@exercise.equivalent
def by_edges(adjacency, h, weight):
    sums = adjacency.sum(1) + 1.0
    start, end = adjacency.nonzero(as_tuple=True)
    shares = adjacency[start, end] / (sums[start] * sums[end]).sqrt()
    made = h @ weight
    out = made / sums[:, None]
    return out.index_add(0, end, shares[:, None] * made[start])


def itself(adjacency):
    """Return the graph in which each node is its own neighbour."""
    import torch

    return adjacency + torch.eye(len(adjacency), dtype=adjacency.dtype)


def by_matrix(adjacency, h, weight, *, graph=itself, count=itself, left=-0.5, right=-0.5):
    """Return the result with something else in it: what is multiplied, what is counted."""
    sums = count(adjacency).sum(1)
    return (sums[:, None] ** left * graph(adjacency) * sums**right) @ h @ weight


def edges_alone(adjacency):
    """Return the graph as it is."""
    return adjacency


def counted(adjacency):
    """Return the graph with 1 for each edge."""
    return (adjacency > 0).double()


for name, message, changed in (
    (
        "itself_forgotten",
        "A node does not take from itself: add the identity to the adjacency first. One without "
        "edges divides by 0.",
        {"graph": edges_alone, "count": edges_alone},
    ),
    (
        "itself_not_taken",
        "A node counts itself and does not take from itself: the identity belongs to both.",
        {"graph": edges_alone},
    ),
    (
        "itself_not_counted",
        "A node takes from itself and does not count itself: the sums are those of A + I.",
        {"count": edges_alone},
    ),
    (
        "not_normalised",
        "Nothing is divided: each share is divided by the roots of both nodes' sums.",
        {"left": 0.0, "right": 0.0},
    ),
    (
        "mean_of_the_neighbours",
        "Each row is divided by its own sum, a plain mean: it is the root of its own and the root "
        "of the neighbour's.",
        {"left": -1.0, "right": 0.0},
    ),
    (
        "divided_by_the_neighbours",
        "Each share is divided by the neighbour's sum alone: it is the root of both.",
        {"left": 0.0, "right": -1.0},
    ),
    (
        "left_root_alone",
        "Only the node's own root divides: the neighbour's does, too.",
        {"right": 0.0},
    ),
    (
        "right_root_alone",
        "Only the neighbour's root divides: the node's own does, too.",
        {"left": 0.0},
    ),
    (
        "no_roots",
        "Each share is divided by both sums: it is by their roots.",
        {"left": -1.0, "right": -1.0},
    ),
    (
        "roots_multiplied",
        "Each share is multiplied by the roots: divide by them.",
        {"left": 0.5, "right": 0.5},
    ),
    (
        "edges_counted",
        "The edges are counted: where they have weights, these are added up.",
        {"count": lambda adjacency: itself(counted(adjacency))},
    ),
    (
        "weights_of_edges_ignored",
        "Every edge counts 1: some are weaker and some stronger.",
        {
            "graph": lambda adjacency: itself(counted(adjacency)),
            "count": lambda adjacency: itself(counted(adjacency)),
        },
    ),
    (
        "itself_twice",
        "A node takes from itself twice: the identity is added once.",
        {
            "graph": lambda adjacency: itself(itself(adjacency)),
            "count": lambda adjacency: itself(itself(adjacency)),
        },
    ),
):

    def mistaken(*arguments, changed=changed):
        return by_matrix(*arguments, **changed)

    exercise.add(name, message, mistaken)


def only_edges(adjacency):
    """Return the edges divided by the roots of sums without the node; 0 where there is none."""
    sums = adjacency.sum(1)
    inverse = (1.0 / sums.sqrt()).masked_fill(sums == 0, 0.0)
    return inverse[:, None] * adjacency * inverse


@exercise.mistake(
    "A node takes from itself and does not count itself, or only where it is alone: the sums are "
    "those of A + I."
)
def itself_counted_alone(adjacency, h, weight):
    sums = adjacency.sum(1)
    root = sums.masked_fill(sums == 0, 1.0).sqrt()
    return (itself(adjacency) / (root[:, None] * root)) @ h @ weight


@exercise.mistake(
    "A node does not take from itself: add the identity to the adjacency first. One without edges "
    "is left with zeros."
)
def itself_forgotten_but_zeros(adjacency, h, weight):
    return only_edges(adjacency) @ h @ weight


@exercise.mistake(
    "The identity is added after the edges were divided, by sums that lack it: add it first."
)
def itself_added_last(adjacency, h, weight):
    return itself(only_edges(adjacency)) @ h @ weight


@exercise.mistake(
    "This is the Laplacian, I less the shares of the neighbours: they are added, and the identity "
    "counts in the sums."
)
def laplacian(adjacency, h, weight):
    return (itself(adjacency * 0.0) - only_edges(adjacency)) @ h @ weight


@exercise.mistake("One sum of the whole matrix divides everything: each node has its own, axis=1.")
def one_sum(adjacency, h, weight):
    return itself(adjacency) / itself(adjacency).sum() @ h @ weight


@exercise.mistake("The edges are not used: a node takes from its neighbours, too.")
def no_edges(adjacency, h, weight):
    return h @ weight


@exercise.mistake("The weight is not used: it makes K numbers of D.")
def no_weight(adjacency, h, weight):
    import torch

    return by_edges(adjacency, h, torch.eye(h.shape[1], dtype=h.dtype))


of_arguments(
    exercise,
    weight_turned=("The weight is turned, weight.T: it is (D, K).", {"weight": transposed}),
)
of_result(
    exercise,
    relu_added="There is a ReLU in the end: the exercise ends before any activation.",
    divided_by_nodes=(
        "The result is divided by the number of nodes: the sums of each node divide it already.",
        lambda out, h: out / len(h),
    ),
)
