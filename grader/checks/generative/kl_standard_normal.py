"""How far the encoder's normal distributions are from the standard normal one."""

from grader.checks._shared import doubled, of_arguments, of_result
from grader.checks.generative._cases import EXPONENTS
from grader.vocabulary import Exercise, array, between, strategy


@strategy
def encodings(draw, samples=between(1, 5), latents=between(1, 4)):
    """Draw means and logarithms of variances of shape (N, D)."""
    shape = draw(samples), draw(latents)
    return draw(array(*shape)), draw(array(*shape))


exercise = Exercise(
    points=3,
    decks=("000",),
    levels={
        "one latent variable": encodings(latents=1),
        "several latent variables": encodings(latents=between(2, 4)),
    },
    features={
        "several samples": lambda mu: len(mu) > 1,
        "several latent variables": lambda mu: mu.shape[1] > 1,
        "a negative logvar": lambda logvar: (logvar < 0).any(),
    },
    never=[EXPONENTS],
    hints=(
        "What does one latent variable of one sample cost, and when is that 0? Over which axis "
        "are these numbers added, and over which is their mean?",
        "Two samples with two latent variables each, all variances 1 (logvar 0):\n"
        "(1 + 1 ** 2 - 1 - 0) / 2 = 0.5     mean 1\n"
        "(1 + 3 ** 2 - 1 - 0) / 2 = 4.5     mean 3\n"
        "0.5 + 4.5 = 5                      the first sample; the second, with means 0, costs 0\n"
        "kl_standard_normal([[1, 3], [0, 0]], [[0, 0], [0, 0]]) = (5 + 0) / 2 = 2.5",
        "variance = ...\n"
        "per_latent = ...                    # (N, D), by the formula of the docstring\n"
        "per_sample = ... over axis ...\n"
        "return float(... over the batch)",
    ),
)


def divergences(mu, logvar):
    """Return the divergence of every latent variable of every sample."""
    from torch.distributions import Normal, kl_divergence

    return kl_divergence(Normal(mu, (logvar / 2).exp()), Normal(0 * mu, 1.0))


@exercise.equivalent
def kl(mu, logvar):
    return divergences(mu, logvar).sum(1).mean()


of_result(
    exercise,
    negative="The sign: a divergence is never negative.",
    not_halved=("The ½ in front is missing.", doubled),
    one_for_all_latents=(
        "The 1 is subtracted once for a sample; every latent variable has one.",
        lambda divergence, mu: divergence + (mu.shape[1] - 1) / 2,
    ),
    no_one=(
        "The 1 is missing: sigma**2 + mu**2 - 1 - logvar.",
        lambda divergence, mu: divergence + mu.shape[1] / 2,
    ),
)
of_arguments(
    exercise,
    logvar_for_log_sigma=(
        "logvar is taken for log(sigma). It is log(sigma**2): sigma**2 is exp(logvar), without a "
        "2.",
        {"logvar": doubled},
    ),
)


@exercise.mistake("The mean is over latent variables, too: sum over them, mean over the batch.")
def mean_over_latents(mu, logvar):
    return divergences(mu, logvar).mean()


@exercise.mistake("Everything is summed: sum over latent variables, then mean over the batch.")
def sum_over_batch(mu, logvar):
    return divergences(mu, logvar).sum()


@exercise.mistake(
    "The axes are exchanged: sum over axis 1, the latent variables, mean over axis 0."
)
def axes_exchanged(mu, logvar):
    return divergences(mu, logvar).sum(0).mean()


@exercise.mistake("A number for every sample is returned: take their mean.")
def no_mean(mu, logvar):
    return divergences(mu, logvar).sum(1)


@exercise.mistake("exp is missing: sigma**2 is np.exp(logvar).")
def no_exponential(mu, logvar):
    return kl(mu, logvar) + (logvar - logvar.exp()).sum(1).mean() / 2


@exercise.mistake(
    "sigma stands where sigma**2 should: exp(logvar) is the variance, exp(logvar / 2) not."
)
def deviation_for_variance(mu, logvar):
    return kl(mu, logvar) + ((logvar / 2).exp() - logvar.exp()).sum(1).mean() / 2


def of_logvar_for_sigma(name, above):
    """Add the mistake of taking logvar for sigma, which is kept above 0 by a small number."""

    def mistaken(mu, logvar):
        sigma = logvar.abs() + above
        return ((sigma**2 + mu**2 - 1 - 2 * sigma.log()) / 2).sum(1).mean()

    words = "logvar is taken for sigma itself: sigma is exp(logvar / 2), and never negative."
    exercise.add(name, words, mistaken)


of_logvar_for_sigma("logvar_for_sigma", 0.0)
for tiny in (1e-8, 1e-9, 1e-12):
    of_logvar_for_sigma(f"logvar_for_sigma_plus_{tiny:g}", tiny)


@exercise.mistake("The sign of logvar: sigma**2 + mu**2 - 1 - logvar.")
def sign_of_logvar(mu, logvar):
    return kl(mu, logvar) + logvar.sum(1).mean()


@exercise.mistake("The sign of mu**2: sigma**2 + mu**2 - 1 - logvar.")
def sign_of_mean(mu, logvar):
    return kl(mu, logvar) - (mu**2).sum(1).mean()


@exercise.mistake("mu is not squared: sigma**2 + mu**2 - 1 - logvar.")
def mean_not_squared(mu, logvar):
    return kl(mu, logvar) + (mu - mu**2).sum(1).mean() / 2


@exercise.mistake("This is the divergence the other way round: KL(q || N(0, 1)), q first.")
def reversed_direction(mu, logvar):
    from torch.distributions import Normal, kl_divergence

    encoded = Normal(mu, (logvar / 2).exp())
    return kl_divergence(Normal(0 * mu, 1.0), encoded).sum(1).mean()
