"""Some pixels become black or white, each by chance and by itself."""

from grader.vocabulary import (
    Exercise,
    array,
    averages,
    between,
    bits,
    level,
    mixed,
    one_of,
    strategy,
    undrawn,
    uniform,
)


@strategy
def pictures(draw, share=one_of(0.25, 0.5, 0.75), of=uniform(0.0, 1.0)):
    how_often, seed = draw(share), draw(between(0, 10_000))
    return draw(array(2, 3, of=of)), how_often, seed


exercise = Exercise(
    points=3,
    decks=(),
    levels={
        "share 0": pictures(share=0.0, of=mixed(uniform(0.0, 1.0), bits)),
        "as often as asked": level(
            pictures(),
            judged=averages(
                {
                    "a pixel that changes": lambda draws, image: draws != image,
                    "a pixel that is white": lambda draws: draws == 1.0,
                    "two neighbours that change": lambda draws, image: (
                        (draws[:, :, 1:] != image[:, 1:]) & (draws[:, :, :-1] != image[:, :-1])
                    ),
                },
                calls=1500,
                always={
                    "a pixel as it was, black or white": lambda draws, image: (
                        (draws == image) | (draws == 0.0) | (draws == 1.0)
                    ),
                },
            ),
        ),
    },
    never=[undrawn("tiny far huge near below", "A pixel is from 0 to 1.", of="image")],
    hints=(
        "How many random numbers does a picture of H rows and W columns need?",
        "With share 0.25, of 1000 pictures some 250 have another first pixel, 125 a white one.",
        "changes = ...   # H rows and W columns of True or False\nreturn np.where(changes, ..., image)",
    ),
)


def _noisy(image, share, seed, same_for_all=False, white=0.5):
    import torch

    random = torch.Generator().manual_seed(seed)
    shape = (1,) if same_for_all else image.shape
    changes = torch.rand(shape, generator=random) < share
    colour = (torch.rand(image.shape, generator=random) < white).to(image)
    return colour.where(changes, image)


@exercise.equivalent
def noisy(image, share, seed):
    return _noisy(image, share, seed)


@exercise.mistake("All pixels change or none: each one needs a random number of its own.")
def one_for_all(image, share, seed):
    return _noisy(image, share, seed, same_for_all=True)


@exercise.mistake("Every pixel that changes becomes white; half of them become black.")
def always_white(image, share, seed):
    return _noisy(image, share, seed, white=1.0)


@exercise.mistake("The share is of each colour: twice as many pixels change as were asked for.")
def twice_as_many(image, share, seed):
    return _noisy(image, share * 2, seed)


@exercise.mistake("The picture that is given is changed less often: share and 1 - share are mixed up.")
def other_share(image, share, seed):
    return _noisy(image, 1 - share, seed)
