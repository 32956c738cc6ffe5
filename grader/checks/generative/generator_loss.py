"""The generator's loss: small where the discriminator takes its samples for real."""

from grader.checks._shared import negative, of_arguments, of_result
from grader.checks.generative._cases import EACH_ALONE, LARGE, is_large, logits
from grader.vocabulary import Exercise

exercise = Exercise(
    points=2,
    decks=("000", "001", "002"),
    requires=("discriminator_loss",),
    levels={
        "moderate logits": logits(arrays=1),
        "logits of ±1000": logits(arrays=1, sizes=LARGE),
    },
    features={
        "logits beyond ±700": is_large,
        "several samples": lambda fake_logits: fake_logits.size > 1,
        "several axes": lambda fake_logits: fake_logits.ndim > 1,
    },
    never=[EACH_ALONE],
    hints=(
        "What does the generator want its samples to be called? What is small when D is near 1, "
        "and how is it computed where D rounds to 0?",
        "log(1 + exp(-3)) = 0.0486     a fake with logit 3 is taken for real: cheap\n"
        "log(1 + exp(3)) = 3.0486      one with logit -3 is seen through: dear\n"
        "generator_loss([3, -3]) = (0.0486 + 3.0486) / 2 = 1.5486",
        "-log(D) is log(1 + exp(...)), and np.logaddexp(0, ...) is right at +-1000, too:\n"
        "costs = ...\n"
        "return float(... of costs)",
    ),
)


@exercise.equivalent
def non_saturating(fake_logits, reduction="mean"):
    import torch.nn.functional as F

    labels = 0 * fake_logits + 1
    return F.binary_cross_entropy_with_logits(fake_logits, labels, reduction=reduction)


of_result(exercise, negative="The sign: log(D) is to be made large, so the loss is -log(D).")
of_arguments(
    exercise,
    label_fake=(
        "The label is that of the discriminator, fake. The generator wants D near 1.",
        {"fake_logits": negative},
    ),
    summed=("The samples are summed; take their mean.", {"reduction": "sum"}),
    no_mean=("A loss for each sample is returned; take their mean.", {"reduction": "none"}),
    sigmoid_twice=(
        "The sigmoid is taken twice; the logits come before it, and it is in the loss.",
        {"fake_logits": lambda logits: logits.sigmoid()},
    ),
)


@exercise.mistake(
    "This is the saturating loss, log(1 - D): it is flat where the discriminator sees through "
    "every fake. Use -log(D)."
)
def saturating(fake_logits):
    return -non_saturating(-fake_logits)


@exercise.mistake(
    "First the sigmoid, then the log (or log(1 + exp(-a)) as it stands): at -1000 that is "
    "infinite. np.logaddexp(0, -a) is not."
)
def sigmoid_then_log(fake_logits):
    return -fake_logits.sigmoid().log().mean()


@exercise.mistake(
    "y * log(D) + (1 - y) * log(1 - D): where D is rounded to 1 this is 0 times infinity, nan. "
    "Drop the second term, and use np.logaddexp for the first."
)
def sigmoid_then_both_logs(fake_logits):
    real = fake_logits.sigmoid()
    return -(real.log() + 0 * (1 - real).log()).mean()


@exercise.mistake(
    "A small number is added before the log (1e-8): the loss is cut off at 18. -log(D) can be had "
    "from the logits, right to the end: np.logaddexp(0, -a)."
)
def small_number_added(fake_logits):
    return -(fake_logits.sigmoid() + 1e-8).log().mean()


@exercise.mistake("This is the mean of the logits with a minus (a Wasserstein loss); use -log(D).")
def logits_themselves(fake_logits):
    return -fake_logits.mean()
