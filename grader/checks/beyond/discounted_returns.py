"""Each step earns its own reward and what follows, which is worth a little less."""

from grader.checks._shared import backwards, largest_of, of_arguments, of_result
from grader.vocabulary import Exercise, array, between, one_of, plain, strategy, wide


@strategy
def episodes(draw, length=between(1, 8), gamma=one_of(0.5, 0.9, 0.25, 0.0, 1.0), of=wide):
    """Draw the rewards of an episode, and what they are worth a step earlier."""
    length, gamma = draw(length), draw(gamma)
    return draw(array(length, of=of)), gamma


exercise = Exercise(
    points=3,
    decks=("000", "002"),
    levels={
        "some steps": episodes(gamma=one_of(0.5, 0.9, 0.25)),
        "gamma = 0 and 1 too": episodes(),
        "hundreds of steps": episodes(
            length=between(250, 400), gamma=one_of(0.0625, 0.5, 0.99, 1.0), of=plain
        ),
    },
    features={
        "several steps": lambda rewards: len(rewards) > 1,
        "three steps or more": lambda rewards: len(rewards) > 2,
        "hundreds of steps": lambda rewards: len(rewards) > 200,
        "gamma = 1": lambda gamma: gamma == 1.0,
        "gamma = 0": lambda gamma: gamma == 0.0,
        "gamma other than 1/2": lambda gamma: gamma != 0.5,
    },
    terms=lambda rewards: largest_of(rewards) * len(rewards),
    hints=(
        "What is the last step worth, behind which nothing follows? If you know what step t + 1 "
        "was worth, how do you get step t from it, and where does the loop begin therefore?",
        "Rewards 1, 2 and 8, worth half as much a step earlier:\n"
        "8                      the last step\n"
        "2 + 0.5 * 8 = 6        the one before it\n"
        "1 + 0.5 * 6 = 4        the first\n"
        "discounted_returns([1, 2, 8], 0.5) = [4, 6, 8]",
        "later = ...                    # behind the last step\n"
        "for t in ...:                  # from the last to the first\n"
        "    later = ... + ...\n"
        "    returns[t] = later",
    ),
)


def summed(rewards, weights):
    """Return the sums of what follows: `weights` takes how many steps later, and gives a factor."""
    import torch

    places = torch.arange(len(rewards), dtype=rewards.dtype)
    later = places - places[:, None]
    return torch.where(later >= 0, weights(later.clamp(min=0)), 0.0) @ rewards


@exercise.equivalent
def returns(rewards, gamma):
    return summed(rewards, lambda later: gamma**later)


def powers(rewards, gamma):
    """Return the factor of each reward at the very first step."""
    import torch

    return gamma ** torch.arange(len(rewards), dtype=rewards.dtype)


for name, message, function in (
    (
        "from_the_front",
        "What came before is added, not what comes after: begin at the last step.",
        lambda rewards, gamma: returns(rewards.flip(0), gamma).flip(0),
    ),
    (
        "discounted_once",
        "All later rewards are discounted by gamma once: each step further off is once more.",
        lambda rewards, gamma: summed(rewards, lambda later: gamma ** later.clamp(max=1)),
    ),
    (
        "next_reward_only",
        "Only the next reward is added: returns[t + 1], which holds all that follows, is meant, "
        "not rewards[t + 1].",
        lambda rewards, gamma: summed(rewards, lambda later: gamma**later * (later < 2)),
    ),
    (
        "rewards_alone",
        "These are the rewards: what follows is missing.",
        lambda rewards, _: rewards,
    ),
    (
        "each_discounted",
        "Each reward is multiplied by gamma to the power of its step, and nothing is added up.",
        lambda rewards, gamma: rewards * powers(rewards, gamma),
    ),
    (
        "seen_from_the_first",
        "All is discounted as seen from the first step: each step counts from itself, so that its "
        "own reward has the factor 1.",
        lambda rewards, gamma: returns(rewards, gamma) * powers(rewards, gamma),
    ),
    (
        "sums_so_far",
        "The discounted rewards are added up from the front: each step is worth what comes after.",
        lambda rewards, gamma: (rewards * powers(rewards, gamma)).cumsum(0),
    ),
    (
        "own_reward_discounted",
        "A step's own reward is discounted, too: only what follows is.",
        lambda rewards, gamma: gamma * returns(rewards, gamma),
    ),
    (
        "own_reward_missing",
        "A step's own reward is missing: it belongs to its return.",
        lambda rewards, gamma: returns(rewards, gamma) - rewards,
    ),
    (
        "divided_by_powers",
        "Everything is divided by gamma to the power of t, which is 0 when gamma is, or after "
        "some hundred steps: add up from the last step.",
        lambda rewards, gamma: (
            (rewards * powers(rewards, gamma)).flip(0).cumsum(0).flip(0) / powers(rewards, gamma)
        ),
    ),
    (
        "one_minus_gamma",
        "What follows is multiplied with 1 - gamma: it is gamma.",
        lambda rewards, gamma: returns(rewards, 1.0 - gamma),
    ),
    (
        "average",
        "What follows has the factor gamma, and the own reward 1 - gamma: that is an average, not "
        "a sum.",
        lambda rewards, gamma: (1.0 - gamma) * returns(rewards, gamma),
    ),
    (
        "return_of_the_first",
        "This is what the first step was worth: every step has its return.",
        lambda rewards, gamma: returns(rewards, gamma)[0],
    ),
    (
        "first_return_everywhere",
        "Every step has the return of the first: each counts from itself.",
        lambda rewards, gamma: returns(rewards, gamma)[:1].expand(len(rewards)).clone(),
    ),
):
    exercise.add(name, message, function)


@exercise.mistake("The last step stays 0: its return is its reward.")
def last_step_empty(rewards, gamma):
    out = returns(rewards, gamma)
    out[-1] = 0.0
    return out


@exercise.mistake(
    "The loop ends before the first step, which keeps its reward alone: range(T - 2, -1, -1) comes "
    "to 0."
)
def first_step_left_out(rewards, gamma):
    out = returns(rewards, gamma)
    out[0] = rewards[0]
    return out


@exercise.mistake("The last reward is lost: what lies before the last step counts it, too.")
def last_reward_lost(rewards, gamma):
    rewards[-1] = 0.0
    return returns(rewards, gamma)


@exercise.mistake(
    "The returns are normalised, which some texts do afterwards: here they stay as they are."
)
def normalised(rewards, gamma):
    out = returns(rewards, gamma)
    return (out - out.mean()) / (out.std(correction=0) + 1e-8)


of_arguments(
    exercise,
    not_discounted=(
        "gamma is not used: what follows counts less with each step.",
        {"gamma": 1.0},
    ),
)
of_result(
    exercise,
    in_reverse=(
        "The returns stand in reverse: they were collected from the last step on, and have to be "
        "turned round.",
        backwards,
    ),
)
