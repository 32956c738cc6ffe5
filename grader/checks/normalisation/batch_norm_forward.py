"""Each feature is normalised over its batch, and what was seen is remembered for evaluation."""

from grader.checks._shared import of_arguments, of_result
from grader.checks.normalisation._cases import (
    ALSO_FLAT,
    EPS,
    PARAMETERS,
    POSITIVE,
    TABLE_FEATURES,
    all_equal,
    batches,
    largest_number,
)
from grader.checks.normalisation._mistakes import normalised, of_measures, of_scale_and_shift
from grader.vocabulary import Exercise, one_of

MOMENTA = one_of(0.25, 0.9, 0.1, 1.0)

exercise = Exercise(
    points=4,
    decks=("004",),
    requires=("layer_norm_forward",),
    levels={
        "in training": batches(training=True),
        "in evaluation": batches(training=False),
        "any momentum and eps, equal numbers": batches(flat=ALSO_FLAT, numbers=(MOMENTA, EPS)),
    },
    features={
        **TABLE_FEATURES,
        "in training": lambda training: training,
        "two samples": lambda x: len(x) == 2,
        "a feature whose numbers are all equal": all_equal(0),
        "a large eps": lambda eps: eps > 0.01,
        "momentum = 1": lambda momentum: momentum == 1.0,
    },
    never=[PARAMETERS, POSITIVE],
    terms=largest_number,
    hints=(
        "Which mean and variance does x meet in training, and which in evaluation? Which of the "
        "two variances, divided by N or by N - 1, makes the output, and which is remembered? "
        "When does nothing change?",
        "One feature, 1 and 5: the mean is 3, the mean square around it 4. With eps = 0.0625\n"
        "-2 / sqrt(4 + 0.0625) = -0.9923\n"
        "Momentum 0.5, seen until now: mean 0 and variance 1.\n"
        "0.5 * 0 + 0.5 * 3 = 1.5\n"
        "(4 + 4) / (2 - 1) = 8            the unbiased variance\n"
        "0.5 * 1 + 0.5 * 8 = 4.5\n"
        "batch_norm_forward([[1], [5]], [1], [0], [0], [1], True, 0.5)[1:] = ([1.5], [4.5])",
        "if not training:\n"
        "    normalise x with the running ones; return them as they are\n"
        "mean, var = ...                     # one for each feature\n"
        "new_mean = ... * running_mean + momentum * ...\n"
        "new_var = ...                       # of the other variance\n"
        "return ..., new_mean, new_var       # new arrays: change none that you were given",
    ),
)


@exercise.equivalent
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    import torch.nn.functional as F

    mean, var = running_mean.clone(), running_var.clone()
    return F.batch_norm(x, mean, var, gamma, beta, training, momentum, eps), mean, var


def by_hand(measure, x, gamma, beta, seen_mean, seen_var, training, momentum=0.1, eps=1e-5):
    """Normalise with another measure of each feature; what is remembered is right."""
    _, *running = batch_norm(x, gamma, beta, seen_mean, seen_var, training, momentum, eps)
    mean, var = (x.mean(0), x.var(0, correction=0)) if training else (seen_mean, seen_var)
    centre, root = measure(mean=mean, var=var, eps=eps, count=len(x) if training else 1e300)
    return normalised(x, gamma, beta, centre, root), *running


of_measures(
    exercise,
    by_hand,
    unbiased_variance="The batch is normalised with the unbiased variance (ddof=1): that one is "
    "remembered, and the output is divided by the variance with N.",
)
of_scale_and_shift(exercise, lambda change: {0: change})


def learnt(old, new):
    """Return a change of what is remembered in training; in evaluation it stays."""

    def change(running, x, running_mean, running_var, training, momentum):
        before = {"mean": running_mean, "var": running_var}[old]
        return (1.0 - momentum) * before + momentum * new(x) if training else running

    return change


def biased(x):
    """Return the variance that is divided by N."""
    return x.var(0, correction=0)


of_result(
    exercise,
    biased_variance_remembered=(
        "What is remembered is the variance divided by N: it is the unbiased one, var * N / "
        "(N - 1), or ddof=1.",
        {2: learnt("var", biased)},
    ),
    deviation_remembered=(
        "The running variance learns from the deviation: no root belongs there.",
        {2: learnt("var", lambda x: x.std(0))},
    ),
    eps_remembered=(
        "eps is added to the running variance, too: it belongs under the root of the output alone.",
        {2: lambda var, training, momentum, eps: var + momentum * eps if training else var},
    ),
    nothing_remembered=(
        "The running mean and variance stay as they were: in training both learn from the batch.",
        {1: lambda _, running_mean: running_mean, 2: lambda _, running_var: running_var},
    ),
    mean_not_remembered=(
        "The running mean stays as it was: in training it learns from the batch.",
        {1: lambda _, running_mean: running_mean},
    ),
    variance_not_remembered=(
        "The running variance stays as it was: in training it learns from the batch.",
        {2: lambda _, running_var: running_var},
    ),
    running_exchanged=(
        "The running variance comes before the running mean: out, mean, var is the order.",
        lambda results: (results[0], results[2], results[1]),
    ),
    out_last=(
        "out comes last: out, running mean, running variance is the order.",
        lambda results: (results[1], results[2], results[0]),
    ),
    out_alone=(
        "Only out is returned: the running mean and variance belong to the answer.",
        lambda results: results[0],
    ),
)
of_arguments(
    exercise,
    momentum_turned=(
        "momentum weighs the old values here: it is the share of the new one.",
        {"momentum": lambda momentum: 1.0 - momentum},
    ),
    momentum_ignored=(
        "The argument momentum is not used: 0.1 is its default only.",
        {"momentum": 0.1},
    ),
    always_training=(
        "`training` is not looked at: in evaluation the running mean and variance count, and stay.",
        {"training": True},
    ),
    always_evaluation=(
        "`training` is not looked at: in training the batch's own mean and variance count.",
        {"training": False},
    ),
    training_turned=(
        "Training and evaluation are exchanged.",
        {"training": lambda training: not training},
    ),
)


@exercise.mistake("The running ones learn in evaluation, too: there they stay as they are.")
def learns_in_evaluation(x, gamma, beta, mean, var, training, momentum=0.1, eps=1e-5):
    out, *_ = batch_norm(x, gamma, beta, mean, var, training, momentum, eps)
    return out, *batch_norm(x, gamma, beta, mean, var, True, momentum, eps)[1:]


@exercise.mistake(
    "In evaluation x is normalised with its own mean and variance: the running ones count there."
)
def own_in_evaluation(x, gamma, beta, mean, var, training, momentum=0.1, eps=1e-5):
    _, *running = batch_norm(x, gamma, beta, mean, var, training, momentum, eps)
    return batch_norm(x, gamma, beta, mean, var, True, momentum, eps)[0], *running


@exercise.mistake(
    "In training x is normalised with the running mean and variance: its own count there."
)
def running_in_training(x, gamma, beta, mean, var, training, momentum=0.1, eps=1e-5):
    _, *running = batch_norm(x, gamma, beta, mean, var, training, momentum, eps)
    return batch_norm(x, gamma, beta, mean, var, False, momentum, eps)[0], *running


@exercise.mistake(
    "In training x is normalised with the running mean and variance as they are afterwards: its "
    "own mean and variance count."
)
def new_running_in_training(x, gamma, beta, mean, var, training, momentum=0.1, eps=1e-5):
    _, *running = batch_norm(x, gamma, beta, mean, var, training, momentum, eps)
    return batch_norm(x, gamma, beta, *running, False, momentum, eps)[0], *running


@exercise.mistake(
    "In evaluation scale and shift are left out: gamma and beta count there as in training."
)
def no_scale_in_evaluation(x, gamma, beta, mean, var, training, momentum=0.1, eps=1e-5):
    if not training:
        gamma, beta = gamma * 0.0 + 1.0, beta * 0.0
    return batch_norm(x, gamma, beta, mean, var, training, momentum, eps)


@exercise.mistake("In evaluation x is returned as it came: it is normalised with the running ones.")
def nothing_in_evaluation(x, gamma, beta, mean, var, training, momentum=0.1, eps=1e-5):
    if not training:
        return x, mean, var
    return batch_norm(x, gamma, beta, mean, var, training, momentum, eps)


@exercise.mistake(
    "In evaluation eps is missing under the root: sqrt(running_var + eps) as in training."
)
def no_eps_in_evaluation(x, gamma, beta, mean, var, training, momentum=0.1, eps=1e-5):
    if not training:
        return normalised(x, gamma, beta, mean, var.sqrt()), mean, var
    return batch_norm(x, gamma, beta, mean, var, training, momentum, eps)


@exercise.mistake(
    "In evaluation x is divided by the running variance: by its root, sqrt(running_var + eps)."
)
def no_root_in_evaluation(x, gamma, beta, mean, var, training, momentum=0.1, eps=1e-5):
    if not training:
        return normalised(x, gamma, beta, mean, var + eps), mean, var
    return batch_norm(x, gamma, beta, mean, var, training, momentum, eps)


@exercise.mistake(
    "Mean and variance are those of each sample (axis=1): that is layer normalisation. Here each "
    "feature has its own, axis=0."
)
def over_the_features(x, gamma, beta, mean, var, training, momentum=0.1, eps=1e-5):
    out, *running = batch_norm(x, gamma, beta, mean, var, training, momentum, eps)
    if training:
        root = (x.var(1, correction=0, keepdim=True) + eps).sqrt()
        out = normalised(x, gamma, beta, x.mean(1, keepdim=True), root)
    return out, *running


@exercise.mistake(
    "One mean and one variance serve the whole batch: each feature has its own, axis=0."
)
def whole_batch(x, gamma, beta, mean, var, training, momentum=0.1, eps=1e-5):
    out, *running = batch_norm(x, gamma, beta, mean, var, training, momentum, eps)
    if training:
        out = normalised(x, gamma, beta, x.mean(), (x.var(correction=0) + eps).sqrt())
    return out, *running
