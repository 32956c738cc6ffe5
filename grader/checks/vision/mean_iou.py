"""How well the region of each class fits, counted over the batch, averaged over the classes."""

from grader.checks._shared import of_arguments, of_result
from grader.vocabulary import Exercise, array, below, between, strategy


@strategy
def maps(draw, pictures=1, spare=0, kinds=between(2, 4)):
    """Draw found and right classes; the last `spare` ones of them never occur."""
    n, h, w = draw(pictures), draw(between(1, 4)), draw(between(1, 4))
    k, spare = draw(kinds), draw(spare)
    found, right = draw(array(n, h, w, of=below(k))), draw(array(n, h, w, of=below(k)))
    agreed = draw(array(n, h, w, of=below(2))) == 0
    found[agreed] = right[agreed]
    return found, right, k + spare


def shares(predictions, targets, num_classes):
    """Return both counts of each class."""
    found = predictions.flatten()[:, None] == predictions.new_tensor(range(num_classes))
    right = targets.flatten()[:, None] == targets.new_tensor(range(num_classes))
    return (found & right).sum(0).double(), (found | right).sum(0).double()


exercise = Exercise(
    points=4,
    decks=("000",),
    requires=("iou", "train.confusion_matrix"),
    levels={
        "one picture": maps(),
        "several pictures": maps(pictures=between(2, 3)),
        "classes that do not occur": maps(
            pictures=between(1, 2), spare=between(1, 3), kinds=between(1, 3)
        ),
    },
    features={
        "several pictures": lambda targets: len(targets) > 1,
        "H and W different": lambda targets: targets.shape[1] != targets.shape[2],
        "a class that is found alone": lambda predictions, targets: (
            set(predictions.flat) > set(targets.flat)
        ),
        "a class that does not occur": lambda predictions, targets, num_classes: (
            len({*predictions.flat, *targets.flat}) < num_classes
        ),
        "all pixels right": lambda predictions, targets: (predictions == targets).all(),
    },
    hints=(
        "Which pixels are the intersection for one class, which are the union? What is 0 / 0 for "
        "a class that nobody saw, and should it count?",
        "Found 0, 0, 1 where 0, 1, 1 is right:\n"
        "1 / 2 = 0.5              class 0: both at the first pixel, either at two\n"
        "(0.5 + 0.5) / 2 = 0.5    class 1 has 1 / 2, too\n"
        "mean_iou([[[0, 0, 1]]], [[[0, 1, 1]]], 3) = 0.5",
        "found = predictions.reshape(-1, 1) == np.arange(...)     # (pixels, classes)\n"
        "right = ...\n"
        "both = (found & right).sum(axis=...)                     # one number for each class\n"
        "either = ...\n"
        "return float(np.mean(...))                               # where either > 0",
    ),
)


@exercise.equivalent
def mean_iou(predictions, targets, num_classes):
    both, either = shares(predictions, targets, num_classes)
    return (both[either > 0] / either[either > 0]).mean()


of_arguments(
    exercise,
    first_picture_alone=(
        "Only the first picture counts.",
        dict.fromkeys(("predictions", "targets"), lambda classes: classes[:1]),
    ),
    last_class_forgotten=(
        "The last class is left out: there are num_classes of them, from 0 on.",
        {"num_classes": lambda number: number - 1},
    ),
)
of_result(
    exercise,
    distance=("This is 1 minus the mean; the mean itself is wanted.", lambda mean: 1 - mean),
    percent=("These are per cent; the mean lies between 0 and 1.", lambda mean: 100 * mean),
)


def sizes(classes, num_classes):
    """Return how many pixels each class has."""
    return classes.flatten().bincount(minlength=num_classes)[:num_classes]


def averaged(share):
    """Return a mistake: another share of each class, from both counts and the sizes."""

    def mistaken(predictions, targets, num_classes):
        both, either = shares(predictions, targets, num_classes)
        found = (predictions.flatten()[:, None] == predictions.new_tensor(range(num_classes))).sum(
            0
        )
        right = (targets.flatten()[:, None] == targets.new_tensor(range(num_classes))).sum(0)
        return share(both, either, found, right)

    return mistaken


for name, message, share in (
    (
        "absent_classes_count_as_0",
        "Classes that do not occur count as 0; they are left out.",
        lambda both, either, _found, _right: (both / either.clamp(min=1)).mean(),
    ),
    (
        "absent_classes_count_as_1",
        "Classes that do not occur count as 1; they are left out.",
        lambda both, either, _found, _right: (both / either).nan_to_num(1.0).mean(),
    ),
    (
        "nan_for_absent_classes",
        "A class that does not occur gives 0 / 0, and the mean is nan. Leave it out: either > 0.",
        lambda both, either, _found, _right: (both / either).mean(),
    ),
    (
        "only_classes_of_the_targets",
        "Classes that were found where none is right are left out; they count as 0.",
        lambda both, either, _found, right: (both / either)[right > 0].mean(),
    ),
    (
        "only_found_classes",
        "Classes that nobody found are left out; they count as 0 where the targets have them.",
        lambda both, either, found, _right: (both / either)[found > 0].mean(),
    ),
    (
        "only_classes_that_agree",
        "Classes that are right nowhere are left out; they count as 0.",
        lambda both, either, _found, _right: (both / either)[both > 0].mean(),
    ),
    (
        "one_share_for_all",
        "The counts of all classes are added before they are divided; each class has a share.",
        lambda both, either, _found, _right: both.sum() / either.sum(),
    ),
    (
        "weighted_by_size",
        "Large classes count more; the mean gives each class the same weight.",
        lambda both, either, _found, right: (
            ((both / either)[either > 0] * right[either > 0]).sum() / right.sum()
        ),
    ),
    (
        "found_and_right_added",
        "What is found and right is counted twice in the union: subtract the intersection.",
        lambda both, either, found, right: (both / (found + right))[either > 0].mean(),
    ),
    (
        "dice",
        "This is 2 * both / (found + right), the Dice score; the union has the pixels once.",
        lambda both, either, found, right: (2 * both / (found + right))[either > 0].mean(),
    ),
    (
        "recall",
        "The union is the target's region alone; pixels that were found elsewhere belong to it.",
        lambda both, _either, _found, right: (both / right)[right > 0].mean(),
    ),
    (
        "recall_and_0_for_none",
        "The union is the target's region alone, and 0 where there is none; pixels that were found "
        "elsewhere belong to it.",
        lambda both, either, _found, right: (both / right.clamp(min=1))[either > 0].mean(),
    ),
    (
        "recall_of_all_classes",
        "The union is the target's region alone, and absent classes count as 0: they are left out, "
        "and pixels that were found elsewhere belong to it.",
        lambda both, _either, _found, right: (both / right.clamp(min=1)).mean(),
    ),
    (
        "precision",
        "The union is the found region alone; right pixels that were missed belong to it.",
        lambda both, _either, found, _right: (both / found)[found > 0].mean(),
    ),
    (
        "precision_and_0_for_none",
        "The union is the found region alone, and 0 where there is none; right pixels that were "
        "missed belong to it.",
        lambda both, either, found, _right: (both / found.clamp(min=1))[either > 0].mean(),
    ),
    (
        "background_left_out",
        "Class 0 is left out as if it were the background; it is a class as any other.",
        lambda both, either, _found, _right: (both[1:] / either[1:])[either[1:] > 0].mean(),
    ),
    (
        "background_left_out_or_0",
        "Class 0 is left out as if it were the background, and the mean is 0 where there is no "
        "other; it is a class as any other.",
        lambda both, either, _found, _right: (
            (both[1:] / either[1:])[either[1:] > 0].mean().nan_to_num(0.0)
        ),
    ),
    (
        "one_for_each_class",
        "There is a share for each class; return their mean.",
        lambda both, either, _found, _right: both / either.clamp(min=1),
    ),
):
    exercise.add(name, message, averaged(share))


@exercise.mistake("This is the share of right pixels, the accuracy.")
def accuracy(predictions, targets, num_classes):
    return (predictions == targets).double().mean()


@exercise.mistake(
    "Each picture is measured by itself, and the means are averaged; count over the whole batch."
)
def mean_of_pictures(predictions, targets, num_classes):
    each = [
        mean_iou(found[None], right[None], num_classes)
        for found, right in zip(predictions, targets, strict=True)
    ]
    return sum(each) / len(each)
