"""An auto-encoder: what is wide becomes a few numbers, and from these it is made again."""

from grader.checks._shared import of_arguments, of_result
from grader.checks.generative._autoencoder import (
    ACTIVATIONS,
    ALONE,
    FEATURES,
    LARGE,
    autoencoders,
    reconstruct,
)
from grader.vocabulary import Exercise, tied

exercise = Exercise(
    points=3,
    decks=("001",),
    requires=("linear.linear_forward", "activations.relu", "activations.sigmoid"),
    levels={
        "ordinary scores": autoencoders(),
        "large scores": autoencoders(of=tied, scale=LARGE),
    },
    features=FEATURES,
    never=[ALONE],
    hints=(
        "Which shape has the code, and which weights belong to the encoder? What comes last, and "
        "what does it do to a score of -1000?",
        "One sample (3, 2), a code of one number, w1 = (1, -1), biases 0:\n"
        "max(0, 3 - 2) = 1           the code\n"
        "w2 is 1 and -1000, so that the scores are 1 and -1000\n"
        "1 / (1 + exp(-1)) = 0.7311  the first number of the reconstruction\n"
        "w1 = [[1, -1]]\n"
        "w2 = [[1], [-1000]]\n"
        "autoencoder_forward([[3, 2]], w1, zeros(1), w2, zeros(2)) = [[0.7311, 0.0000]]",
        "code = np.maximum(..., 0)    # (N, M)\n"
        "scores = ...                 # (N, D)\n"
        "return ...                   # a sigmoid that never overflows",
    ),
)


@exercise.equivalent
def autoencoder(x, w1, b1, w2, b2, inner=None, outer=None):
    parts = {"inner": inner, "outer": outer}
    return reconstruct(x, w1, b1, w2, b2, **{k: part for k, part in parts.items() if part})


of_arguments(exercise, **ACTIVATIONS)
of_arguments(
    exercise,
    decoder_like_encoder=(
        "The decoder uses w1 once more, transposed; it has weights of its own, w2.",
        {"w2": lambda _, w1: w1.T},
    ),
)


@exercise.mistake("The code is returned; asked for is what the decoder makes of it: (N, D).")
def code_returned(x, w1, b1, _w2, _b2):
    return (x @ w1.T + b1).relu()


@exercise.mistake("Code and reconstruction are returned; only the reconstruction is asked for.")
def both_returned(x, w1, b1, w2, b2):
    return (x @ w1.T + b1).relu(), reconstruct(x, w1, b1, w2, b2)


of_result(
    exercise,
    transposed="The result is transposed: a row for each sample, (N, D).",
    first_sample_only="Only the first sample is rebuilt.",
    mirrored=(
        "This is 1 - x_hat: the sign in the sigmoid's exponent is turned.",
        lambda x_hat: 1 - x_hat,
    ),
    rounded=("The result is rounded to 0 and 1.", lambda x_hat: x_hat.round()),
)
