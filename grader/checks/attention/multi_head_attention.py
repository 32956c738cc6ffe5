"""Several heads look at the same sequence, each with queries, keys and values of its own."""

from grader.checks._shared import numpy_errors, of_arguments, of_result, transposed
from grader.checks.attention._attend import attend, hidden, look_back, softmax
from grader.vocabulary import (
    Exercise,
    array,
    bad,
    between,
    either,
    one_of,
    real,
    strategy,
    undrawn,
    uniform,
)

WEIGHTS = "w_q", "w_k", "w_v", "w_o"
small = uniform(-1.0, 1.0)


@strategy
def sequences(draw, heads=between(1, 3), causal=(), of=real, refused=False):
    """Draw sequences, four weights, how many heads, and whether they may look ahead."""
    heads, size = draw(heads), draw(between(1, 3))
    dim = heads * size
    n, t, causal = draw(between(1, 3)), draw(between(1, 4)), [draw(one) for one in causal]
    if refused:
        heads = draw(one_of(*(k for k in range(2, dim + 3) if dim % k)))
    x = draw(array(n, t, dim, of=of))
    weights = [draw(array(dim, dim, of=small)) for _ in WEIGHTS]
    arguments = x, *weights, heads, *causal
    return bad(*arguments) if refused else arguments


SEVERAL = between(2, 3)
EITHER = one_of(True, False)

exercise = Exercise(
    points=4,
    decks=("000",),
    requires=("scaled_dot_product_attention",),
    levels={
        "one head": sequences(heads=1),
        "several heads": sequences(heads=SEVERAL),
        "no look ahead": sequences(heads=SEVERAL, causal=(EITHER,)),
        "heads that do not divide D": either(
            sequences(causal=(EITHER,), refused=True), sequences(causal=(EITHER,))
        ),
    },
    features={
        "several sequences": lambda x: len(x) > 1,
        "several places": lambda x: x.shape[1] > 1,
        "three places or more": lambda x: x.shape[1] > 2,
        "several heads": lambda num_heads: num_heads > 1,
        "D / H above 1": lambda x, num_heads: x.shape[2] > num_heads,
        "as many heads as places": lambda x, num_heads: x.shape[1] == num_heads,
        "D / H and H different": lambda x, num_heads: x.shape[2] != num_heads**2,
        "causal": lambda causal=False: causal,
        "heads that do not divide D": lambda x, num_heads: x.shape[2] % num_heads,
    },
    never=[
        undrawn(
            "huge below", "The attention of a single head is asked about scores of ±10000.", of="x"
        ),
        undrawn(
            "zero tiny far huge ties near below",
            "They are multiplied and added alone, so that every part of the result shows.",
            of=" ".join(WEIGHTS),
        ),
    ],
    terms=lambda x: 1.0 + abs(x).max() ** 2,
    hints=(
        "How long are the queries of one head if D numbers are shared among H heads, and by which "
        "root are its scores divided then? Which rows of w_q make its queries, and where in the "
        "result does it stand?",
        "One place [2, 5], two heads; w_v doubles, w_o exchanges both, w_q and w_k do nothing.\n"
        "A place alone takes its own values, all of them:\n"
        "2 * 2 = 4      head 0, from the first column of x w_v^T\n"
        "2 * 5 = 10     head 1, from the second\n"
        "[4, 10], exchanged by w_o: [10, 4]\n"
        "same = [[1, 0], [0, 1]]\n"
        "twice = [[2, 0], [0, 2]]\n"
        "other = [[0, 1], [1, 0]]\n"
        "multi_head_attention([[[2, 5]]], same, same, twice, other, 2) = [[[10, 4]]]",
        "if ...:\n"
        "    raise ValueError(...)\n"
        "size = ...                        # how many numbers a head has\n"
        "mask = ...                        # True where t may look at s; None if everywhere\n"
        "for head in range(num_heads):\n"
        "    columns = slice(..., ...)     # of query, key, value and of the result\n"
        "    taken[:, :, columns] = scaled_dot_product_attention(...)\n"
        "return taken @ ...",
    ),
)


@exercise.equivalent
def multi_head(x, w_q, w_k, w_v, w_o, num_heads, causal=False):
    import torch
    import torch.nn.functional as F

    dim = x.shape[2]
    if dim % num_heads:
        raise ValueError
    steps = x.transpose(0, 1)
    mask = ~look_back(len(steps), len(steps)) if causal else None
    nothing = None, None, None, False, 0.0, w_o, None, False
    weights = torch.cat([w_q, w_k, w_v])
    out, _ = F.multi_head_attention_forward(
        steps, steps, steps, dim, num_heads, weights, *nothing, need_weights=False, attn_mask=mask
    )
    return out.transpose(0, 1)


def split(x, num_heads):
    """Return the heads' columns side by side: (N, H, T, A)."""
    return x.unflatten(2, (num_heads, -1)).transpose(1, 2)


def join(heads):
    """Return what split makes, as it was."""
    return heads.transpose(1, 2).flatten(2)


def plain(x, weight):
    """Return x wᵀ."""
    return x @ weight.T


def with_heads(
    x, w_q, w_k, w_v, w_o, num_heads, causal=False, *,
    split=split, join=join, project=plain, last=plain, divisor=None, back=look_back,
    hide=hidden, share=softmax,
):  # fmt: skip
    """Return the result with something else in it; refuse what the exercise refuses."""
    if x.shape[2] % num_heads:
        raise ValueError
    query, key, value = (split(project(x, weight), num_heads) for weight in (w_q, w_k, w_v))
    root = query.shape[3] ** 0.5 if divisor is None else divisor(x, num_heads)
    mask = back(x.shape[1], x.shape[1]) if causal else None
    taken = attend(
        query, key, value, mask, score=lambda q, k: q @ k.mT / root, hide=hide, share=share
    )
    return last(join(taken), w_o)


def interleaved(x, num_heads):
    """Return every H-th column for each head."""
    return x.unflatten(2, (-1, num_heads)).permute(0, 3, 1, 2)


def cut_through(x, num_heads):
    """Cut the numbers of a sequence as they lie in memory, places and all."""
    return x.reshape(len(x), num_heads, x.shape[1], -1)


def last_head_only(heads):
    """Return what join makes, with zeros for all heads but the last."""
    kept = heads * 0.0
    kept[:, -1] = heads[:, -1]
    return join(kept)


def laid_together(heads):
    """Lay the heads into the shape of x as they lie in memory."""
    n, h, t, a = heads.shape
    return heads.reshape(n, t, h * a)


for name, message, changed in (
    (
        "root_of_d",
        "The scores are divided by sqrt(D): the queries of a head have D / H numbers, and "
        "sqrt(D / H) is the root.",
        {"divisor": lambda x, _: x.shape[2] ** 0.5},
    ),
    (
        "not_scaled",
        "The scores are not scaled: divide them by sqrt(D / H).",
        {"divisor": lambda _x, _: 1.0},
    ),
    (
        "divided_by_the_size",
        "The scores are divided by D / H: it is the root of it.",
        {"divisor": lambda x, num_heads: x.shape[2] / num_heads},
    ),
    (
        "root_of_the_heads",
        "The scores are divided by the root of how many heads there are: it is sqrt(D / H).",
        {"divisor": lambda _x, num_heads: num_heads**0.5},
    ),
    (
        "last_head_only",
        "Only the last head is left, the others are 0: the result is made anew for each head. Make "
        "it once, before the loop.",
        {"join": last_head_only},
    ),
    (
        "every_hth_column",
        "A head takes every H-th column: it has D / H columns that lie side by side, and in "
        "reshape H comes before D / H.",
        {"split": interleaved},
    ),
    (
        "every_hth_column_and_back",
        "A head takes every H-th column, and gives its result there, too: it has D / H columns "
        "that lie side by side, and in reshape H comes before D / H.",
        {"split": interleaved, "join": lambda heads: heads.permute(0, 2, 3, 1).flatten(2)},
    ),
    (
        "reshaped_without_transpose",
        "reshape to (N, H, T, D / H) mixes places and heads: first (N, T, H, D / H), then exchange "
        "axes 1 and 2.",
        {"split": cut_through},
    ),
    (
        "reshaped_without_transpose_twice",
        "reshape to (N, H, T, D / H) and back mixes places and heads: first (N, T, H, D / H), then "
        "exchange axes 1 and 2, and exchange them again before all is joined.",
        {"split": cut_through, "join": laid_together},
    ),
    (
        "joined_without_transpose",
        "The heads (N, H, T, D / H) are reshaped to (N, T, D) as they lie: exchange axes 1 and 2 "
        "first.",
        {"join": laid_together},
    ),
    (
        "heads_in_reverse",
        "The heads stand in the result in the wrong order: head 0 comes first.",
        {"join": lambda heads: join(heads.flip(1))},
    ),
    (
        "weights_not_turned",
        "x @ w is taken for x @ w.T: each row of a weight makes one number.",
        {"project": lambda x, weight: x @ weight, "last": lambda x, weight: x @ weight},
    ),
    (
        "projections_not_turned",
        "x @ w is taken for x @ w.T where queries, keys and values are made.",
        {"project": lambda x, weight: x @ weight},
    ),
    (
        "output_not_turned",
        "The heads are multiplied with w_o as it lies: w_o.T.",
        {"last": lambda x, weight: x @ weight},
    ),
    (
        "output_missing",
        "w_o is not used: it mixes what the heads have taken.",
        {"last": lambda x, _: x},
    ),
    (
        "causal_turned",
        "The mask lies the wrong way round: each place sees what comes later, in place of what "
        "came before (np.tril, not np.triu).",
        {"back": lambda t, _: look_back(t, t).T},
    ),
    (
        "not_at_itself",
        "No place sees itself: it may (np.tril without k=-1).",
        {"back": lambda t, _: look_back(t, t).tril(-1)},
    ),
    (
        "not_at_itself_but_all",
        "No place sees itself, and the first one, which then sees nothing, takes the mean of all: "
        "a place may look at itself (np.tril without k=-1).",
        {
            "back": lambda t, _: look_back(t, t).tril(-1),
            "hide": lambda scores, mask: scores.masked_fill(~mask, -1e9),
        },
    ),
    (
        "not_at_itself_and_nan",
        "No place sees itself, and the first one sees nothing, so that its softmax is nan: a place "
        "may look at itself (np.tril without k=-1).",
        {
            "back": lambda t, _: look_back(t, t).tril(-1),
            "share": lambda scores: scores.softmax(-1),
        },
    ),
    (
        "one_step_ahead",
        "Each place sees one that comes later: the mask ends at the place itself.",
        {"back": lambda t, _: look_back(t + 1, t)[1:]},
    ),
    (
        "mask_inverted",
        "Forbidden is what may be seen: True is where a place may look.",
        {"back": lambda t, _: ~look_back(t, t)},
    ),
    (
        "mask_as_factor",
        "Scores of later places are 0, and exp(0) = 1 still counts: they must be -inf.",
        {"hide": lambda scores, mask: scores * mask},
    ),
    (
        "softmax_over_the_queries",
        "Softmax runs over the queries: each shares out its attention over the keys, the last "
        "axis.",
        {"share": lambda scores: softmax(scores, -2)},
    ),
    (
        "softmax_over_the_heads",
        "Softmax runs over the heads: each query shares out its attention over the keys, the last "
        "axis.",
        {"share": lambda scores: softmax(scores, 1)},
    ),
    (
        "softmax_over_everything",
        "One softmax serves all places of a head: each query has its own, over the keys.",
        {"share": lambda scores: softmax(scores.flatten(2), -1).reshape(scores.shape)},
    ),
    (
        "no_maximum",
        "exp of a large score overflows: subtract each row's maximum first.",
        {"share": lambda scores: (e := scores.exp()) / e.sum(-1, keepdim=True)},
    ),
    (
        "no_softmax",
        "There is no softmax: the scores themselves weigh the values.",
        {
            "hide": lambda scores, mask: scores.masked_fill(~mask, 0.0),
            "share": lambda scores: scores,
        },
    ),
    (
        "first_head_only",
        "Only the first head is computed; the columns of the others stay 0.",
        {"join": lambda heads: join(heads * (heads.cumsum(1) * 0 + 1).cumsum(1).eq(1))},
    ),
):

    def mistaken(*arguments, changed=changed):
        with numpy_errors():
            return with_heads(*arguments, **changed)

    exercise.add(name, message, mistaken)


@exercise.mistake("Later places are dropped after the softmax, so that the weights sum to less.")
def causal_after_the_softmax(x, w_q, w_k, w_v, w_o, num_heads, causal=False):
    seen = look_back(x.shape[1], x.shape[1]).double() if causal else 1.0
    return with_heads(
        x, w_q, w_k, w_v, w_o, num_heads, False, share=lambda scores: softmax(scores) * seen
    )


@exercise.mistake(
    "num_heads is not looked at: one head of D numbers is computed, whatever it says."
)
def one_head(x, w_q, w_k, w_v, w_o, num_heads, causal=False):
    if x.shape[2] % num_heads:
        raise ValueError
    return with_heads(x, w_q, w_k, w_v, w_o, 1, causal)


@exercise.mistake(
    "num_heads is taken for how many numbers a head has: there are so many heads, of D / H numbers "
    "each."
)
def heads_for_size(x, w_q, w_k, w_v, w_o, num_heads, causal=False):
    if x.shape[2] % num_heads:
        raise ValueError
    return with_heads(x, w_q, w_k, w_v, w_o, x.shape[2] // num_heads, causal)


@exercise.mistake(
    "Each head sees its own columns of x alone: it sees all of x, and has its own rows of the "
    "weights."
)
def x_shared_out(x, w_q, w_k, w_v, w_o, num_heads, causal=False):
    import torch

    if x.shape[2] % num_heads:
        raise ValueError
    size = x.shape[2] // num_heads
    own = torch.block_diag(*[torch.ones(size, size, dtype=x.dtype)] * num_heads)
    return with_heads(x, w_q * own, w_k * own, w_v * own, w_o, num_heads, causal)


@exercise.mistake(
    "Heads that do not share D evenly are taken: raise ValueError.", on_bad_arguments=True
)
def not_refused(x, w_q, w_k, w_v, w_o, num_heads, causal=False):
    import torch

    size = x.shape[2] // num_heads
    taken = torch.zeros_like(x)
    kept = [weight[: size * num_heads] for weight in (w_q, w_k, w_v)]
    if size:
        taken[..., : size * num_heads] = with_heads_of(x, kept, num_heads, causal)
    return taken @ w_o.T


def with_heads_of(x, weights, num_heads, causal):
    """Return what the heads have taken, by weights of fewer rows."""
    query, key, value = (split(x @ weight.T, num_heads) for weight in weights)
    return join(attend(query, key, value, look_back(x.shape[1], x.shape[1]) if causal else None))


def eye_like(weight):
    """Return the matrix that changes nothing."""
    import torch

    return torch.eye(len(weight), dtype=weight.dtype)


of_arguments(
    exercise,
    causal_ignored=("causal is not looked at: later places are hidden then.", {"causal": False}),
    always_causal=(
        "Later places are always hidden: only where causal is True.",
        {"causal": True},
    ),
    queries_and_keys_exchanged=(
        "w_q and w_k are exchanged: w_q makes the queries.",
        {"w_q": lambda _, w_k: w_k, "w_k": lambda _, w_q: w_q},
    ),
    keys_for_values=(
        "The keys are taken for the values: w_v makes them.",
        {"w_v": lambda _, w_k: w_k},
    ),
    queries_for_keys=(
        "The keys are made by w_q, too: w_k makes them.",
        {"w_k": lambda _, w_q: w_q},
    ),
    values_not_made=(
        "x itself is taken for the values: x @ w_v.T.",
        {"w_v": eye_like},
    ),
    queries_not_made=(
        "x itself is taken for the queries: x @ w_q.T.",
        {"w_q": eye_like},
    ),
    keys_not_made=(
        "x itself is taken for the keys: x @ w_k.T.",
        {"w_k": eye_like},
    ),
    values_not_turned=(
        "x @ w_v is taken for x @ w_v.T: each row of a weight makes one number.",
        {"w_v": transposed},
    ),
)


of_result(
    exercise,
    first_sample_only="Only the first sequence is computed; the others stay 0.",
    x_added=(
        "x is added to the result: that is the shortcut of a whole block, which is not asked for.",
        lambda out, x: out + x,
    ),
)
