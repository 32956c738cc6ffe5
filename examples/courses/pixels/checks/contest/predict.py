"""Predictions in a file, held to labels that were kept back."""

from grader.vocabulary import Exercise, predictions, scored


def accuracy(guessed, right):
    return (guessed == right).mean()


exercise = Exercise(
    points=3,
    decks=(),
    levels={
        "a file of the right form": scored(),
        "better than guessing": scored(0.7),
        "nearly as good as can be": scored(0.9),
    },
    hints=(
        "How many of the 100 known classes would your method tell right, without having seen them?",
        "Of (2, 0) the class is 1, of (-2, 0) it is 0: a straight line tells most of them apart.",
        'labels = ...   # 200 of them\nnp.savez("predictions.npz", labels=labels)',
    ),
    handed_in=predictions(
        "predictions.npz",
        array="labels",
        shape=(200,),
        held_out="held_out.npz",
        metric="accuracy",
        score=accuracy,
    ),
)
