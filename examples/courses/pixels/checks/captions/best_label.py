"""The label with the highest score, the first in the alphabet among equal ones."""

from grader.vocabulary import Exercise, between, level, one_of, strategy


@strategy
def labels(draw, score=one_of(0.5, 0.25, 0.75, -1.0)):
    names = ("ant", "bee", "cat", "dog")
    at = draw(between(0, 3))
    turned = (*names[at:], *names[:at])
    return ({name: draw(score) for name in turned[: draw(between(1, 4))]},)


def worked_by_hand():
    return [({"cat": 0.25, "dog": 0.5},), ({"dog": 0.5, "cat": 0.5},)]


exercise = Exercise(
    points=1,
    decks=(),
    levels={"any labels": level(labels(), fixed=worked_by_hand)},
    features={
        "equal scores": lambda scores: len(set(scores.values())) < len(scores),
    },
    hints=(
        "Two labels have the same score: by what do you choose?",
        'Of {"dog": 0.5, "cat": 0.5} it is "cat", which comes first in the alphabet.',
        "min(scores, key=lambda label: (..., ...))",
    ),
)


@exercise.equivalent
def best(scores):
    highest = max(scores.values())
    return sorted(label for label in scores if scores[label] == highest)[0]


@exercise.mistake("Among equal scores the first one of the dict is taken, not of the alphabet.")
def first_of_dict(scores):
    return max(scores, key=scores.get)


@exercise.mistake("The lowest score is taken.")
def lowest(scores):
    return min(sorted(scores), key=scores.get)


@exercise.mistake("The score is returned; its label is asked for.")
def score_itself(scores):
    return max(scores.values())
