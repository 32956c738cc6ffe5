"""The discriminator's loss: it should call real samples real and generated ones fake."""

from grader.checks._shared import negative, of_arguments, of_result
from grader.checks.generative._cases import EACH_ALONE, LARGE, is_large, logits
from grader.vocabulary import Exercise

exercise = Exercise(
    points=2,
    decks=("000", "001", "002"),
    levels={
        "moderate logits": logits(arrays=2),
        "logits of ±1000": logits(arrays=2, sizes=LARGE),
    },
    features={
        "logits beyond ±700": lambda real_logits, fake_logits: (
            is_large(real_logits) or is_large(fake_logits)
        ),
        "as many fakes as real ones": lambda real_logits, fake_logits: (
            real_logits.size == fake_logits.size
        ),
        "several axes": lambda real_logits: real_logits.ndim > 1,
    },
    never=[EACH_ALONE],
    hints=(
        "What should the real samples be called, and what the fakes? D rounds to 0 or 1 at "
        "large logits: which function of the logit is -log(D), without D itself?",
        "softplus(a) means log(1 + exp(a)); at a = 0 it is log(2) = 0.6931.\n"
        "-log(D) is softplus of minus the logit, -log(1 - D) softplus of the logit.\n"
        "log(1 + exp(-3)) = 0.0486      a real one with logit 3 is cheap\n"
        "log(1 + exp(3)) = 3.0486       a fake with logit 3 is dear\n"
        "discriminator_loss([3], [3]) = 0.0486 + 3.0486 = 3.0972",
        "def softplus(a):\n"
        "    return np.logaddexp(...)              # log(1 + exp(a)), right at +-1000\n"
        "real = the mean of softplus(...)\n"
        "fake = the mean of softplus(...)\n"
        "return float(...)",
    ),
)


def cross_entropy(logits, label, reduction="mean"):
    """Return the binary cross-entropy where all labels are the same."""
    import torch.nn.functional as F

    labels = 0 * logits + label
    return F.binary_cross_entropy_with_logits(logits, labels, reduction=reduction)


@exercise.equivalent
def adversarial(real_logits, fake_logits, reduction="mean"):
    return cross_entropy(real_logits, 1, reduction) + cross_entropy(fake_logits, 0, reduction)


of_result(
    exercise,
    halved="The two means are averaged; add them.",
    negative="The sign: the loss is to be made small, so it is -log of the probabilities.",
)
of_arguments(
    exercise,
    labels_exchanged=(
        "The labels are exchanged: real samples have the label 1, fakes the label 0.",
        {"real_logits": negative, "fake_logits": negative},
    ),
    fakes_called_real=(
        "The fakes have the label 1, as for the generator. The discriminator's is 0.",
        {"fake_logits": negative},
    ),
    summed=(
        "The samples are summed; take the mean of the real ones and that of the fakes.",
        {"reduction": "sum"},
    ),
    sigmoid_twice=(
        "The sigmoid is taken twice; the logits come before it, and it is in the loss.",
        dict.fromkeys(("real_logits", "fake_logits"), lambda logits: logits.sigmoid()),
    ),
)


@exercise.mistake("There is one mean over real and fake together; take one of each, and add them.")
def one_mean_for_all(real_logits, fake_logits):
    both = real_logits.numel() + fake_logits.numel()
    return adversarial(real_logits, fake_logits, "sum") / both


@exercise.mistake("The fakes are missing: add their mean, with the label 0.")
def real_alone(real_logits, fake_logits):
    return cross_entropy(real_logits, 1)


@exercise.mistake("The real samples are missing: add their mean, with the label 1.")
def fake_alone(real_logits, fake_logits):
    return cross_entropy(fake_logits, 0)


@exercise.mistake(
    "First the sigmoid, then the log: at ±1000 the sigmoid is exactly 0 or 1, and log(0) infinite. "
    "-log(sigmoid(a)) is log(1 + exp(-a)), which np.logaddexp computes."
)
def sigmoid_then_log(real_logits, fake_logits):
    return -real_logits.sigmoid().log().mean() - (1 - fake_logits.sigmoid()).log().mean()


@exercise.mistake(
    "y * log(D) + (1 - y) * log(1 - D): where D is rounded to 0 or 1, this is 0 times infinity, "
    "nan. Use one term for each label, and np.logaddexp instead of log and sigmoid."
)
def sigmoid_then_both_logs(real_logits, fake_logits):
    real, fake = real_logits.sigmoid(), fake_logits.sigmoid()
    real_loss = real.log() + 0 * (1 - real).log()
    return -real_loss.mean() - (0 * fake.log() + (1 - fake).log()).mean()


@exercise.mistake(
    "log(1 + exp(a)) as it stands overflows at a = 1000. np.logaddexp(0, a) does not."
)
def softplus_overflows(real_logits, fake_logits):
    return (1 + (-real_logits).exp()).log().mean() + (1 + fake_logits.exp()).log().mean()


@exercise.mistake(
    "A small number is added before the log (1e-8): the loss is cut off at 18. log(D) and "
    "log(1 - D) can be had from the logits, right to the end: np.logaddexp."
)
def small_number_added(real_logits, fake_logits):
    real, fake = real_logits.sigmoid() + 1e-8, 1 - fake_logits.sigmoid() + 1e-8
    return -real.log().mean() - fake.log().mean()
