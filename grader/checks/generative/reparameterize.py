"""Standard normal noise becomes a sample with the encoder's mean and variance."""

from grader.checks._shared import doubled, negative, of_arguments, one, renamed, zero
from grader.checks.generative._cases import EXPONENTS, SHAPE_FEATURES, alike
from grader.vocabulary import Exercise, real

exercise = Exercise(
    points=1,
    decks=("000",),
    levels={"arrays of any shape": alike(arrays=3, of=real)},
    features={
        **renamed(SHAPE_FEATURES, x="mu"),
        "a negative logvar": lambda logvar: (logvar < 0).any(),
    },
    never=[EXPONENTS],
    hints=(
        "Noise eps has mean 0 and deviation 1: how is it stretched, and how moved? The encoder "
        "gives log(sigma^2): how do you get sigma from that?",
        "A variance of 4 has the logarithm 1.3863:\n"
        "log(4) = 1.3863\n"
        "exp(1.3863 / 2) = 2.0000       the deviation\n"
        "1 + 2 * -3 = -5                the sample, for mean 1 and noise -3\n"
        "reparameterize([1], [1.3863], [-3]) = [-5.0000]",
        "sigma = np.exp(...)     # exp of logvar itself would be the variance\nreturn mu + ...",
    ),
)


@exercise.equivalent
def sample(mu, logvar, eps):
    import torch

    return torch.addcmul(mu, logvar.exp().sqrt(), eps)


of_arguments(
    exercise,
    variance_for_deviation=(
        "exp(logvar) is the variance. eps is multiplied by the standard deviation, "
        "exp(logvar / 2).",
        {"logvar": doubled},
    ),
    negative_exponent=(
        "The sign of the exponent: sigma = exp(logvar / 2), without a minus.",
        {"logvar": negative},
    ),
    no_noise=("eps is not used: without it there is no chance in the sample.", {"eps": one}),
    no_mean=("The mean is missing: add mu.", {"mu": zero}),
    noise_subtracted=("The noise is taken away; add sigma * eps.", {"eps": negative}),
)


@exercise.mistake("eps is multiplied by logvar itself; the deviation is exp(logvar / 2).")
def no_exponential(mu, logvar, eps):
    return mu + logvar * eps


@exercise.mistake(
    "logvar is taken for the variance, whose root may not exist: sigma = exp(logvar / 2)."
)
def logvar_for_variance(mu, logvar, eps):
    return mu + logvar.sqrt() * eps


@exercise.mistake("exp(logvar) is halved; halve the exponent: exp(logvar / 2).")
def halved_outside(mu, logvar, eps):
    return mu + logvar.exp() / 2 * eps


@exercise.mistake("eps is added to mu and sigma; it is multiplied by sigma.")
def noise_added(mu, logvar, eps):
    return mu + (logvar / 2).exp() + eps


@exercise.mistake("mu and sigma are exchanged: the noise is multiplied by sigma and moved by mu.")
def exchanged(mu, logvar, eps):
    return mu * eps + (logvar / 2).exp()


@exercise.mistake("Mean and noise are multiplied by sigma; only eps is.")
def mean_stretched(mu, logvar, eps):
    return (mu + eps) * (logvar / 2).exp()
