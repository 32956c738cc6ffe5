"""Every number is squashed into the range from 0 to 1."""

from grader.checks._shared import doubled, negative, of_arguments
from grader.checks.activations._cases import LARGE, elements
from grader.checks.activations._mistakes import of_whole_array
from grader.vocabulary import Exercise, one_of, wide

exercise = Exercise(
    points=1,
    decks=("001", "003"),
    levels={
        "small numbers": elements(),
        "numbers of ±1000": elements(of=wide, single=one_of(800.0, 1e3)),
    },
    features=LARGE,
    hints=(
        "sigmoid(0) is 1/2. Far to the right it comes close to 1, far to the left close to 0.",
        "1 / (1 + exp(-x)) and exp(x) / (1 + exp(x)) are equal on paper. Which of them is still a "
        "number when x is 1000, and exp(x) is inf?",
        "exp of a number up to 0 cannot overflow. With e = np.exp(-np.abs(x)) the result is "
        "1 / (1 + e) where x >= 0 and e / (1 + e) elsewhere: np.where.",
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
