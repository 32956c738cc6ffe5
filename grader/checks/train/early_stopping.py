"""The epoch that is kept: the lowest loss until the patience is used up, the first of equals."""

from grader.vocabulary import (
    Exercise,
    array,
    below,
    between,
    either,
    level,
    mixed,
    one_of,
    strategy,
    tied,
    undrawn,
    wide,
)


@strategy
def curves(draw, length=between(1, 12), patience=between(1, 5), more=0):
    """Draw losses that wander, or fall, in steps of a half, and a patience."""
    length, patience, drift = draw(length), draw(patience), draw(between(2, 3))
    walk = ((draw(array(length, of=below(5))) - drift) / 2).cumsum()
    return (walk - walk.min() + 0.5).tolist(), patience + more * length


@strategy
def jumbles(draw, patience=between(1, 4)):
    """Draw losses in any order, and a patience."""
    length, patience, turn = draw(between(1, 12)), draw(patience), draw(one_of(1, -1))
    return draw(array(length, of=mixed(wide, tied))).tolist()[::turn], patience


def last_epoch(losses, patience):
    """Return the last epoch that is computed."""
    lowest = [min(losses[: epoch + 1]) for epoch in range(len(losses))]
    waited = [n for n in range(patience, len(losses)) if lowest[n] == lowest[n - patience]]
    return waited[0] if waited else len(losses) - 1


def falls():
    """Return curves of a page: one that rises for good, one that falls again in time."""
    return [
        ([0.9, 0.6, 0.5, 0.55, 0.7, 0.8, 0.4], 3),
        ([0.9, 0.6, 0.5, 0.55, 0.7, 0.4], 3),
        ([0.5, 0.5, 0.5], 2),
        ([0.5, 0.49999, 0.49998, 0.7], 2),
    ]


exercise = Exercise(
    points=3,
    decks=("002",),
    levels={
        "the patience lasts": either(curves(more=1), jumbles(patience=between(11, 14))),
        "training ends early": level(either(curves(), jumbles()), fixed=falls),
    },
    features={
        "just one epoch": lambda losses: len(losses) == 1,
        "patience = 1": lambda patience: patience == 1,
        "an end before the last epoch": lambda losses, patience: (
            last_epoch(losses, patience) < len(losses) - 1
        ),
        "a lower loss after the end": lambda losses, patience: (
            min(losses) < min(losses[: last_epoch(losses, patience) + 1])
        ),
        "equal lowest losses": lambda losses: losses.count(min(losses)) > 1,
        "a loss below 0": lambda losses: min(losses) < 0,
        "the last epoch the best": lambda losses: (
            min(losses) < min(losses[:-1], default=min(losses) + 1)
        ),
    },
    never=[undrawn("orders", "A list of numbers has no order in memory.")],
    hints=(
        "Go through the epochs as they come, without a look at later ones: what do you have to "
        "remember about the past to know when to stop?",
        "losses = [3.0, 2.0, 2.5, 2.0, 1.0]\n"
        "Epoch 1 is the lowest at first; 2.5 and 2.0 are two in a row that are not below 2.0.\n"
        "early_stopping(losses, 2) = 1\n"
        "With more patience the training goes on, and the 1.0 is reached:\n"
        "early_stopping(losses, 3) = 4",
        "best = 0\n"
        "for epoch, loss in enumerate(losses):\n"
        "    if ...:\n"
        "        best = ...\n"
        "    elif ... >= patience:      # how many epochs in a row without a new lowest\n"
        "        break\n"
        "return best",
    ),
)


@exercise.equivalent
def early_stopping(losses, patience):
    import torch

    running = torch.tensor(losses, dtype=torch.float64).cummin(0).values
    new = [0, *(n for n in range(1, len(losses)) if running[n] < running[n - 1])]
    for best, following in zip(new, [*new[1:], len(losses) + patience], strict=True):
        if following - best > patience:
            return best
    return new[-1]


@exercise.mistake(
    "That is the lowest loss of the whole list. Training ends when the patience is used up, and "
    "what comes later is never computed."
)
def never_stops(losses, patience):
    return losses.index(min(losses))


@exercise.mistake("The last of equal losses is kept: only a loss that is strictly lower is better.")
def last_of_equals(losses, patience):
    return walked(losses, patience, lambda loss, best: loss <= best)


@exercise.mistake(
    "That is the epoch in which training ends; what is kept is the best one before it."
)
def where_it_ends(losses, patience):
    return last_epoch(losses, patience)


@exercise.mistake(
    "The patience is subtracted from the last epoch; where the losses run out first, the best "
    "epoch is nearer."
)
def patience_before_the_end(losses, patience):
    return max(0, last_epoch(losses, patience) - patience)


@exercise.mistake(
    "It waits one epoch too long: training ends when `patience` epochs have passed, >= and not >."
)
def one_too_long(losses, patience):
    return early_stopping(losses, patience + 1)


@exercise.mistake(
    "It ends one epoch too early: the epochs without a lower loss are `patience`, not one less."
)
def one_too_short(losses, patience):
    return early_stopping(losses, max(1, patience - 1))


@exercise.mistake("The patience is ignored: training ends at the first loss that is not lower.")
def patience_of_one(losses, patience):
    return early_stopping(losses, 1)


@exercise.mistake("Epochs are counted from 1; the first one is 0.")
def counted_from_one(losses, patience):
    return early_stopping(losses, patience) + 1


@exercise.mistake("That is the loss of the epoch; its number is asked for.")
def loss_for_epoch(losses, patience):
    return losses[early_stopping(losses, patience)]


@exercise.mistake(
    "Epochs without a lower loss are counted over the whole training: the count begins anew "
    "with every new lowest loss."
)
def count_not_reset(losses, patience):
    best = waited = 0
    for epoch, loss in enumerate(losses[1:], 1):
        if loss < losses[best]:
            best = epoch
        else:
            waited += 1
            if waited == patience:
                break
    return best


@exercise.mistake(
    "Each loss is compared with the one before it. A loss that falls again without being the "
    "lowest is no progress: compare with the lowest so far."
)
def compared_with_the_one_before(losses, patience):
    best = waited = 0
    for epoch, loss in enumerate(losses[1:], 1):
        best = epoch if loss < losses[best] else best
        waited = 0 if loss < losses[epoch - 1] else waited + 1
        if waited == patience:
            break
    return best


@exercise.mistake(
    "The best loss is replaced by every loss, so that it is the one before: replace it only by a "
    "lower one."
)
def best_always_replaced(losses, patience):
    best = waited = 0
    for epoch, loss in enumerate(losses[1:], 1):
        if loss < losses[epoch - 1]:
            best, waited = epoch, 0
        else:
            waited += 1
            if waited == patience:
                break
    return best


@exercise.mistake(
    "A loss counts as lower only from a small difference on (min_delta): any strictly lower one "
    "does here."
)
def small_gains_ignored(losses, patience):
    return walked(losses, patience, lambda loss, best: loss < best - 1e-4)


@exercise.mistake("The highest loss is kept: a loss is better when it is lower.")
def highest(losses, patience):
    return walked(losses, patience, lambda loss, best: loss > best)


@exercise.mistake("That is the last epoch of the list, whatever the losses are.")
def last_of_all(losses, patience):
    return len(losses) - 1


@exercise.mistake(
    "The best loss begins at 0, and no loss above it is ever lower: begin with the first loss, or "
    "with infinity."
)
def best_begins_at_zero(losses, patience):
    best, lowest, waited = 0, 0.0, 0
    for epoch, loss in enumerate(losses):
        if loss < lowest:
            best, lowest, waited = epoch, loss, 0
        else:
            waited += 1
            if waited == patience:
                break
    return best


@exercise.mistake("An equal loss begins the count anew: only a strictly lower one does.")
def equal_resets_the_count(losses, patience):
    best = since = 0
    for epoch, loss in enumerate(losses[1:], 1):
        if loss <= losses[best]:
            best, since = (epoch if loss < losses[best] else best), epoch
        elif epoch - since == patience:
            break
    return best


def walked(losses, patience, is_better):
    """Return the best epoch by another idea of what is better."""
    best = 0
    for epoch, loss in enumerate(losses[1:], 1):
        if is_better(loss, losses[best]):
            best = epoch
        elif epoch - best == patience:
            break
    return best
