"""Every number is squashed into the range from 0 to 1."""

from grader.checks._shared import doubled, negative, of_arguments
from grader.checks.activations._cases import LARGE, elements
from grader.checks.activations._mistakes import of_whole_array
from grader.vocabulary import Exercise, one_of, wide

exercise = Exercise(
    points=2,
    decks=("001", "003"),
    levels={
        "small numbers": elements(),
        "numbers of ±1000": elements(of=wide, single=one_of(800.0, 1e3)),
    },
    features=LARGE,
    hints=(
        "Where is the sigmoid 1/2, and what does it come close to on either side? On paper 1 / "
        "(1 + exp(-x)) and exp(x) / (1 + exp(x)) are equal: which of them is still a number "
        "when x is 1000 and exp(x) is inf?",
        "With a small number e, which is exp of minus the size of x:\n"
        "e = exp(-2) = 0.1353\n"
        "1 / (1 + 0.1353) = 0.8808       at x = 2\n"
        "0.1353 / (1 + 0.1353) = 0.1192  at x = -2\n"
        "sigmoid([2, -2]) = [0.8808, 0.1192]\n"
        "At x = 1000 this e is 0, and nothing overflows.",
        "e = np.exp(...)  # of a number that is never above 0\n"
        "top = np.where(x >= 0, ..., ...)\n"
        "return top / ...",
    ),
)


@exercise.equivalent
def sigmoid(x):
    return x.sigmoid()


@exercise.mistake(
    "exp(x) / (1 + exp(x)) is inf / inf = nan for a large x. Keep that form for negative x, where "
    "exp(x) is small, and use 1 / (1 + exp(-x)) for the others."
)
def overflowing_form(x):
    return x.exp() / (1 + x.exp())


@exercise.mistake("This is tanh, from -1 to 1; the sigmoid runs from 0 to 1.")
def tanh_for_sigmoid(x):
    return x.tanh()


@exercise.mistake("The 1 in the denominator is missing: 1 / exp(-x) is just exp(x).")
def no_one(x):
    return x.exp()


@exercise.mistake("This is a softmax over all elements: the sigmoid takes each number by itself.")
def softmax_for_sigmoid(x):
    return x.flatten().softmax(0).reshape(x.shape)


of_arguments(
    exercise,
    sign_turned=("The sign in exp is turned: 1 / (1 + exp(-x)) grows with x.", {"x": negative}),
    of_double=("(1 + tanh(x)) / 2 is sigmoid(2 * x): take tanh of x / 2.", {"x": doubled}),
)
of_whole_array(
    exercise,
    if_on_an_array="`if x >= 0` asks one question about a whole array. Choose element by element: "
    "np.where, or a mask.",
)
