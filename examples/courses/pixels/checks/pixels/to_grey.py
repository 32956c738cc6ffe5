"""How bright each pixel looks, of large pictures, too."""

from grader.checks._shared import of_result
from grader.vocabulary import Exercise, array, between, level, strategy, wide


@strategy
def pictures(draw, height=between(1, 4), width=between(1, 4)):
    return (draw(array(draw(height), draw(width), 3, of=wide)),)


exercise = Exercise(
    points=3,
    decks=(),
    levels={
        "small pictures": pictures(),
        "no loop over pixels": level(pictures(height=300, width=400), times=10),
    },
    features={"several rows": lambda image: len(image) > 1},
    hints=(
        "Three numbers of a pixel become one. Which axis goes away?",
        "Red alone, (1, 0, 0), becomes 0.299; white, (1, 1, 1), becomes 1.",
        "weights = np.array([...])   # one for each colour\nreturn ...  # a product with the last axis",
    ),
)


@exercise.equivalent
def grey(image):
    return image[..., 0] * 0.299 + image[..., 1] * 0.587 + image[..., 2] * 0.114


@exercise.mistake("This is the mean of the colours; the eye sees green as brighter than blue.")
def mean(image):
    return image.mean(-1)


@exercise.mistake("Red and blue are exchanged: the order is red, green, blue.")
def blue_first(image):
    return grey(image.flip(-1))


of_result(exercise, shape_kept=("The axis of colours is still there.", lambda g: g[..., None]))
