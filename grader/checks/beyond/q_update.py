"""One step of experience moves one number of the table towards reward and best next action."""

from grader.checks._shared import of_arguments
from grader.vocabulary import (
    Exercise,
    array,
    between,
    carry,
    one_of,
    steps,
    strategy,
    wide,
)

LATER = one_of(False, True)
REWARDS = one_of(1.0, 0.0, -1.0, 2.5, -10.0)
RATES = one_of(0.5, 0.1, 1.0)
GAMMAS = one_of(0.5, 0.9, 1.0, 0.0)


@strategy
def transitions(draw, calls=1, done=LATER):
    """Draw a table and what happened, once or several times in a row."""
    states, actions, calls = draw(between(1, 4)), draw(between(1, 4)), draw(calls)
    table = draw(array(states, actions, of=wide))
    happened = [
        (
            draw(between(0, states - 1)),
            draw(between(0, actions - 1)),
            draw(REWARDS),
            draw(between(0, states - 1)),
            draw(done),
            draw(RATES),
            draw(GAMMAS),
        )
        for _ in range(calls)
    ]
    if calls == 1:
        return table, *happened[0]
    return steps([(table if at == 0 else carry(), *one) for at, one in enumerate(happened)])


exercise = Exercise(
    points=3,
    decks=("000", "002"),
    levels={
        "the episode goes on": transitions(done=False),
        "or ends": transitions(),
        "several steps": transitions(calls=between(2, 4)),
    },
    features={
        "an end": lambda done: done,
        "the state left again": lambda state, next_state: state == next_state,
        "several states": lambda q: len(q) > 1,
        "several actions": lambda q: q.shape[1] > 1,
        "as many states as actions": lambda q: q.shape[0] == q.shape[1],
        "state and action different": lambda state, action: state != action,
        "a next state whose values are all below 0": lambda q, next_state: q[next_state].max() < 0,
        "gamma = 0": lambda gamma: gamma == 0.0,
        "gamma = 1": lambda gamma: gamma == 1.0,
        "lr = 1": lambda lr: lr == 1.0,
        "a reward of 0": lambda reward: reward == 0.0,
    },
    hints=(
        "Which single number of the table changes? What can be earned after this step at best, "
        "and what if the episode is over with it? Whose table is it that you write into?",
        "Action 1 in state 0 was held to be worth 4. It earned 3 and led to state 1, whose best\n"
        "action is worth 6; lr and gamma are 1/2:\n"
        "3 + 0.5 * 6 = 6           the target\n"
        "4 + 0.5 * (6 - 4) = 5     half of the way\n"
        "4 + 0.5 * (3 - 4) = 3.5   if it was the end\n"
        "table = [[0.0, 4], [6, 2]]\n"
        "q_update(table, 0, 1, 3, 1, False, 0.5, 0.5) = [[0, 5], [6, 2]]\n"
        "q_update(table, 0, 1, 3, 1, True, 0.5, 0.5) = [[0, 3.5], [6, 2]]",
        "if done:\n"
        "    target = ...\n"
        "else:\n"
        "    target = ... + ... * the largest number of a row\n"
        "new_q = ...                        # not the caller's table\n"
        "new_q[...] = old + ... * (... - old)",
    ),
)


def best_next(q, next_state, *_):
    """Return what the best action of the next state is worth."""
    return q[next_state].max()


def first_of_the_best(row):
    """Return the place of the largest number, the first of equal ones."""
    return int((row == row.max()).nonzero()[0])


def here(state, action, *_):
    """Return the place that changes."""
    return state, action


@exercise.equivalent
def updated(q, state, action, reward, next_state, done, lr, gamma):
    import torch

    target = torch.tensor(reward, dtype=q.dtype)
    if not done:
        target = target + gamma * q.amax(1)[next_state]
    # A step of gradient descent on half of the squared error, whose target is held still.
    table = q.clone().requires_grad_(True)
    (0.5 * (table[state, action] - target) ** 2).backward()
    return q - lr * table.grad


def changed(q, at, value):
    """Return a table with another number; an index past the end is an error, as NumPy has it."""
    if at[0] >= q.shape[0] or at[1] >= q.shape[1]:
        raise IndexError
    out = q.clone()
    out[at] = value
    return out


def by_hand(
    q, state, action, reward, next_state, done, lr, gamma, *,
    follows=best_next,
    end=lambda reward, gamma, follows, done: reward if done else reward + gamma * follows,
    move=lambda old, lr, target: old + lr * (target - old),
    place=here,
):  # fmt: skip
    """Return the new table with something else in it."""
    target = end(reward, gamma, follows(q, next_state, state, action), done)
    return changed(q, place(state, action, next_state), move(q[state, action], lr, target))


for name, message, other in (
    (
        "done_ignored",
        "After the end nothing can be earned: the target is the reward alone where done.",
        {"end": lambda reward, gamma, follows, _: reward + gamma * follows},
    ),
    (
        "done_turned",
        "done is taken the wrong way round: the next state counts where the episode goes on.",
        {"end": lambda reward, gamma, follows, done: reward + gamma * follows * done},
    ),
    (
        "tilde_of_a_bool",
        "`~done` turns the bits of a whole number: -1 for False, -2 for True. `not done` is meant.",
        {
            "end": lambda reward, gamma, follows, done: (
                reward + gamma * follows * (-2.0 if done else -1.0)
            )
        },
    ),
    (
        "nothing_at_the_end",
        "The target at the end is 0: it is the reward.",
        {"end": lambda reward, gamma, follows, done: 0.0 if done else reward + gamma * follows},
    ),
    (
        "reward_discounted",
        "The reward is multiplied by gamma, too: only what follows is.",
        {
            "end": lambda reward, gamma, follows, done: (
                gamma * (reward if done else reward + follows)
            )
        },
    ),
    (
        "reward_missing",
        "The reward is missing in the target.",
        {"end": lambda _, gamma, follows, done: 0.0 * follows if done else gamma * follows},
    ),
    (
        "own_state",
        "The best action of the state itself is taken: it is the next state that follows.",
        {"follows": lambda q, _next_state, state, _action: q[state].max()},
    ),
    (
        "same_action_next",
        "The value of the same action in the next state is taken: it is the best one there.",
        {"follows": lambda q, next_state, _state, action: q[next_state, action]},
    ),
    (
        "whole_table",
        "The largest number of the whole table is taken: it is that of the next state's row.",
        {"follows": lambda q, *_: q.max()},
    ),
    (
        "smallest",
        "The smallest value of the next state is taken: the best action has the largest.",
        {"follows": lambda q, next_state, *_: q[next_state].min()},
    ),
    (
        "mean_of_the_row",
        "The mean of the next state's values is taken: it is the largest.",
        {"follows": lambda q, next_state, *_: q[next_state].mean()},
    ),
    (
        "sum_of_the_row",
        "The next state's values are added up: it is the largest that counts.",
        {"follows": lambda q, next_state, *_: q[next_state].sum()},
    ),
    (
        "number_of_the_action",
        "The number of the best action is taken (argmax), where its value is wanted (max).",
        {"follows": lambda q, next_state, *_: first_of_the_best(q[next_state])},
    ),
    (
        "never_below_zero",
        "What follows is never below 0 here: all actions of a state may be bad ones.",
        {"follows": lambda q, next_state, *_: q[next_state].max().relu()},
    ),
    (
        "largest_size",
        "The largest value without its sign is taken: the best is the largest with it.",
        {"follows": lambda q, next_state, *_: q[next_state].abs().max()},
    ),
    (
        "best_of_the_action",
        "The largest number of a column is taken: rows are states, columns are actions.",
        {"follows": lambda q, _next_state, _state, action: q[:, action].max()},
    ),
    (
        "old_value_not_subtracted",
        "The old value is not subtracted: the number moves by lr * (target - old).",
        {"move": lambda old, lr, target: old + lr * target},
    ),
    (
        "old_value_forgotten",
        "The old value is gone: the new one is lr times the target.",
        {"move": lambda _, lr, target: lr * target},
    ),
    (
        "shares_exchanged",
        "lr and 1 - lr are exchanged: the target has the share lr.",
        {"move": lambda old, lr, target: lr * old + (1 - lr) * target},
    ),
    (
        "away_from_the_target",
        "The number moves away from the target: add lr * (target - old).",
        {"move": lambda old, lr, target: old - lr * (target - old)},
    ),
    (
        "difference_alone",
        "Only the step stands in the table: add it to the old value.",
        {"move": lambda old, lr, target: lr * (target - old)},
    ),
    (
        "state_and_action_exchanged",
        "State and action are exchanged where the table is written: q[state, action].",
        {"place": lambda state, action, _: (action, state)},
    ),
    (
        "next_state_changed",
        "The number of the next state is changed: it is the state that was left.",
        {"place": lambda _, action, next_state: (next_state, action)},
    ),
):

    def mistaken(*arguments, other=other):
        return by_hand(*arguments, **other)

    exercise.add(name, message, mistaken)


@exercise.mistake("At the end nothing is learnt: the reward counts all the same.")
def unchanged_at_the_end(q, state, action, reward, next_state, done, lr, gamma):
    return q if done else updated(q, state, action, reward, next_state, done, lr, gamma)


@exercise.mistake("The whole row of the state is changed: only the action that was done is.")
def whole_row(q, state, action, *others):
    out = q.clone()
    for other in range(q.shape[1]):
        out[state, other] = updated(q, state, other, *others)[state, other]
    return out


@exercise.mistake(
    "The same step is added to the whole row of the state: only the action that was done changes."
)
def step_for_the_row(q, state, action, *others):
    out = q.clone()
    out[state] += (updated(q, state, action, *others) - q)[state, action]
    return out


@exercise.mistake("Only the new number is returned: the whole table is asked for.")
def number_alone(q, state, action, *others):
    return updated(q, state, action, *others)[state, action]


@exercise.mistake("Only the row of the state is returned: the whole table is asked for.")
def row_alone(q, state, *others):
    return updated(q, state, *others)[state]


@exercise.mistake("All other numbers are 0: the rest of the table stays as it was.")
def others_zero(q, state, action, *others):
    return changed(q * 0.0, (state, action), updated(q, state, action, *others)[state, action])


of_arguments(
    exercise,
    no_learning_rate=("lr is not used: the number becomes the target itself.", {"lr": 1.0}),
    not_discounted=("gamma is not used: what follows counts less.", {"gamma": 1.0}),
    nothing_follows=(
        "What follows is not counted: gamma times the best of the next state.",
        {"gamma": 0.0},
    ),
)
