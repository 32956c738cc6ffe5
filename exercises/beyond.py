"""Beyond the lectures: learning on graphs, and learning from rewards."""

from __future__ import annotations

import numpy as np


def discounted_returns(rewards: np.ndarray, gamma: float) -> np.ndarray:
    """Add up all rewards from each step on, later ones counting less.

    Parameters
    ----------
    rewards : ndarray of float64, shape (T,)
        What was earned at each of T steps of an episode.
    gamma : float
        What a reward is worth one step earlier, 0 <= gamma <= 1.

    Returns
    -------
    returns : ndarray of float64, shape (T,)
        What each step was worth in the end.

    Notes
    -----
    returns[t] = rewards[t] + gamma * returns[t + 1], and returns[T - 1] = rewards[T - 1]: behind
    the last step nothing is earned. So

    returns[t] = rewards[t] + gamma * rewards[t + 1] + gamma^2 * rewards[t + 2] + ...

    With gamma = 0 only the next reward counts, with gamma = 1 all count alike. The lectures name
    reinforcement learning only.

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Further learning.
    .. [2] Lecture "95-865, week 6", Some other deep learning topics > Deep Reinforcement Learning.
    .. [3] Sutton & Barto 2018, "Reinforcement Learning: An Introduction", equation 3.9.

    Examples
    --------
    >>> import numpy as np
    >>> discounted_returns(np.array([0.0, 0.0, 8.0]), 0.5)
    array([2., 4., 8.])
    """
    raise NotImplementedError


def q_update(
    q: np.ndarray,
    state: int,
    action: int,
    reward: float,
    next_state: int,
    done: bool,
    lr: float,
    gamma: float,
) -> np.ndarray:
    """Learn from one step what an action is worth in a state.

    Parameters
    ----------
    q : ndarray of float64, shape (S, A)
        What each of A actions is held to be worth in each of S states.
    state : int
        Where one was.
    action : int
        What was done there.
    reward : float
        What it earned at once.
    next_state : int
        Where it led.
    done : bool
        Whether the episode ended with it: then nothing more can be earned.
    lr : float
        How far the old number moves towards the new one.
    gamma : float
        What a reward is worth one step earlier, 0 <= gamma <= 1.

    Returns
    -------
    new_q : ndarray of float64, shape (S, A)
        The table with one number changed.

    Notes
    -----
    target = reward + gamma * (max over a of q[next_state, a]), and the reward alone where done,

    new_q[state, action] = q[state, action] + lr * (target - q[state, action]).

    The best action counts in the next state, whatever is done there afterwards. The lectures name
    reinforcement learning only.

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Further learning.
    .. [2] Lecture "95-865, week 6", Some other deep learning topics > Deep Reinforcement Learning.
    .. [3] Watkins & Dayan 1992, "Q-learning".

    Examples
    --------
    >>> import numpy as np
    >>> q = np.array([[0.0, 4.0], [6.0, 2.0]])
    >>> q_update(q, 0, 1, 3.0, 1, False, lr=0.5, gamma=0.5)
    array([[0., 5.],
           [6., 2.]])
    >>> q_update(q, 0, 1, 3.0, 1, True, lr=0.5, gamma=0.5)
    array([[0. , 3.5],
           [6. , 2. ]])
    """
    raise NotImplementedError


def graph_conv(adjacency: np.ndarray, h: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Let each node of a graph look at itself and at its neighbours, and mix what they have.

    Parameters
    ----------
    adjacency : ndarray of float64, shape (V, V)
        How strongly each of V nodes is connected with each: symmetric, not negative, 0 where there
        is no edge and on the diagonal.
    h : ndarray of float64, shape (V, D)
        D numbers of each node.
    weight : ndarray of float64, shape (D, K)
        Makes K numbers of D.

    Returns
    -------
    out : ndarray of float64, shape (V, K)
        The new numbers of each node, before any activation.

    Notes
    -----
    With a[i, j] = adjacency[i, j] for i != j and a[i, i] = 1, and d[i] = sum over j of a[i, j],

    out[i, k] = sum over j and c of a[i, j] / (sqrt(d[i]) * sqrt(d[j])) * h[j, c] * weight[c, k].

    Every node is its own neighbour, so that one without edges keeps its own numbers. The roots
    keep the numbers of nodes with many neighbours as large as those of others. All nodes share the
    weight, as all pixels share a filter. The lecture names graph networks only.

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Further learning.
    .. [2] Kipf & Welling 2017, "Semi-Supervised Classification with Graph Convolutional Networks",
       equation 2.

    Examples
    --------
    >>> import numpy as np
    >>> pair_and_one = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    >>> h = np.array([[2.0, 0.0], [4.0, 0.0], [1.0, 5.0]])
    >>> graph_conv(pair_and_one, h, np.array([[1.0], [10.0]])).round(6)
    array([[ 3.],
           [ 3.],
           [51.]])
    """
    raise NotImplementedError
