"""Two averages for each parameter, and a count of its own steps that corrects them."""

from types import SimpleNamespace

from grader.checks.layers._layers import options_of
from grader.checks.layers._optimisers import goes_without, steps
from grader.vocabulary import Exercise, between, one_of

OPTIONS = one_of({}, {"beta1": 0.5}, {"beta2": 0.75}, {"eps": 0.001}, {"beta1": 0.8, "beta2": 0.95})
LR = one_of(0.5, 0.1, None)
SIZES = one_of(1.0, 1e-8, 0.0)


def tiny(script):
    """Tell whether a gradient is tiny and not all zeros."""
    grads = [step[2] for step in script if step[0] == "let" and step[1][0] in "gh"]
    return any(0 < abs(grad).max() < 1e-6 for grad in grads)


def given_twice(script):
    """Tell whether an optimiser is given an array that it was given before."""
    firsts = [step[3][0][0] for step in script if step[:2] == ("do", "a")]
    return any(one is not None and one in firsts[:at] for at, one in enumerate(firsts))


exercise = Exercise(
    points=5,
    decks=(),
    requires=("Momentum", "optim.adam_step"),
    levels={
        "one step": steps(options=OPTIONS, first=LR),
        "several steps, the rate changing": steps(
            options=OPTIONS, count=between(2, 4), rate=True, first=LR, repeated=one_of(False, True)
        ),
        "tiny gradients and zeros": steps(
            options=OPTIONS, count=between(1, 3), first=LR, sizes=SIZES
        ),
        "two at once": steps(options=OPTIONS, count=between(2, 3), two=True, first=LR),
        "some gradients None": steps(
            options=OPTIONS, count=between(2, 4), missing=True, repeated=one_of(False, True)
        ),
    },
    features={
        "a gradient that is None": goes_without,
        "a tiny gradient": tiny,
        "a gradient that is given twice": given_twice,
        "several steps": lambda script: [step[:2] for step in script].count(("do", "a")) > 1,
        "the default rate": lambda script: any(s[0] == "new" and len(s[2]) == 1 for s in script),
        "beta1 of its own": lambda script: "beta1" in options_of(script),
        "beta2 of its own": lambda script: "beta2" in options_of(script),
        "eps of its own": lambda script: "eps" in options_of(script),
    },
    hints=(
        "How many averages are there, and how many counts? Which of them go on when the gradient "
        "of a parameter is None?",
        "p = array([4.0])\n"
        "a = Adam([p], 1.0, 0.5, 0.75, 0.0)\n"
        "a.step([array([8.0])])\n"
        "p = [3.0]        by 4 / (1 - 0.5) over the root of 16 / (1 - 0.75): 8 / 8\n"
        "a.step([None])\n"
        "p = [3.0]        nothing is counted\n"
        "a.step([array([0.0])])\n"
        "p = [2.4908]     by 2 / (1 - 0.5 ** 2) over the root of 12 / (1 - 0.75 ** 2)",
        "for at, grad in enumerate(grads):\n"
        "    if grad is ...: continue\n"
        "    self.counts[at] += ...           # of this parameter alone\n"
        "    ...                              # both averages, in place\n"
        "    self.params[at][...] -= self.lr * ... / (... + self.eps)",
    ),
)


@exercise.equivalent
class Moments:
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.betas, self.eps = list(params), lr, (beta1, beta2), eps
        self.begin()

    def begin(self):
        """Keep for each parameter what torch's optimiser does before its first step."""
        import torch

        self.states = [
            {"step": torch.zeros(()), "exp_avg": param * 0, "exp_avg_sq": param * 0}
            for param in self.params
        ]

    def step(self, grads):
        from torch.optim.adam import adam

        each = zip(self.params, grads, self.states, strict=True)
        moving = [(param, grad.clone(), state) for param, grad, state in each if grad is not None]
        kept = [[state[name] for *_, state in moving] for name in ("exp_avg", "exp_avg_sq", "step")]
        averages, squares, counts = kept
        rates = {"lr": self.lr, "beta1": self.betas[0], "beta2": self.betas[1], "eps": self.eps}
        adam(
            [param for param, *_ in moving], [grad for _, grad, _ in moving],
            averages, squares, [], counts, **rates,
            weight_decay=0.0, amsgrad=False, maximize=False, foreach=False,
        )  # fmt: skip


@exercise.mistake(
    "The arrays do not change: p = p - … makes a new one and leaves the old as it was. Write "
    "p -= …."
)
class new_arrays(Moments):
    def __init__(self, params, *rest, **options):
        super().__init__([param.clone() for param in params], *rest, **options)


@exercise.mistake("The averages are forgotten between the steps: keep them in the object.")
class forgets(Moments):
    def step(self, grads):
        counts = [state["step"].clone() for state in self.states]
        self.begin()
        for state, count in zip(self.states, counts, strict=True):
            state["step"] = count
        super().step(grads)


@exercise.mistake("Each step is taken for the first: averages and count belong to the object.")
class always_the_first(Moments):
    def step(self, grads):
        self.begin()
        super().step(grads)


@exercise.mistake(
    "A step in which the gradient of a parameter is None counts for it, too: the correction of "
    "each is by its own steps alone."
)
class one_count(Moments):
    taken = 0

    def step(self, grads):
        for state in self.states:
            state["step"].fill_(self.taken)
        self.taken += 1
        super().step(grads)


@exercise.mistake(
    "The count goes up with every parameter, inside the loop: one step is one, however many there "
    "are."
)
class counted_in_the_loop(Moments):
    taken = 0

    def step(self, grads):
        for state, grad in zip(self.states, grads, strict=True):
            state["step"].fill_(self.taken)
            self.taken += grad is not None
        super().step(grads)


@exercise.mistake(
    "A gradient that is None is taken for zeros, so that the old averages move its parameter on: "
    "leave it, its averages and its count alone."
)
class none_goes_on(Moments):
    def step(self, grads):
        pairs = zip(self.params, grads, strict=True)
        super().step([param * 0 if grad is None else grad for param, grad in pairs])


@exercise.mistake(
    "A gradient that is None lets the averages of its parameter fade: leave these alone, too."
)
class none_fades(Moments):
    def step(self, grads):
        for state, grad in zip(self.states, grads, strict=True):
            if grad is None:
                state["exp_avg"] *= self.betas[0]
                state["exp_avg_sq"] *= self.betas[1]
        super().step(grads)


@exercise.mistake("It stops at a gradient that is None: go on with the next parameter.")
class stops_at_none(Moments):
    def step(self, grads):
        count = next((at for at, grad in enumerate(grads) if grad is None), len(grads))
        super().step([*grads[:count], *[None] * (len(grads) - count)])


@exercise.mistake("lr is read once: it may be set between the steps.")
class rate_of_the_start(Moments):
    def __init__(self, params, lr=1e-3, *rest, **options):
        super().__init__(params, lr, *rest, **options)
        self.first = lr

    def step(self, grads):
        self.lr = self.first
        super().step(grads)


@exercise.mistake(
    "Averages and counts belong to the class: all optimisers have the same. Keep them in self."
)
class state_of_the_class(Moments):
    newest = ()

    def step(self, grads):
        for state, shared in zip(self.states, self.newest, strict=False):
            state.update({name: kept.clone() for name, kept in shared.items()})
        super().step(grads)
        type(self).newest = self.states


@exercise.mistake("The count belongs to the class: the steps of all optimisers are counted in it.")
class count_of_the_class(Moments):
    taken = 0

    def step(self, grads):
        for state in self.states:
            state["step"].fill_(self.taken)
        type(self).taken += 1
        super().step(grads)


@exercise.mistake("The gradients are changed, which belong to the caller: write (1 - beta1) * g.")
class changes_gradients(Moments):
    def step(self, grads):
        super().step(grads)
        for grad in grads:
            if grad is not None:
                grad.mul_(1 - self.betas[0])


@exercise.mistake("The corrected averages are kept: the correction is for this step alone.")
class corrected_kept(Moments):
    def step(self, grads):
        super().step(grads)
        for state, grad in zip(self.states, grads, strict=True):
            if grad is not None:
                for name, beta in zip(("exp_avg", "exp_avg_sq"), self.betas, strict=True):
                    state[name] /= 1 - beta ** state["step"]


@exercise.mistake("The averages begin with the first gradient and its square: they begin at 0.")
class first_gradient_whole(Moments):
    def step(self, grads):
        for state, grad in zip(self.states, grads, strict=True):
            if grad is not None and state["step"] == 0:
                state["exp_avg"], state["exp_avg_sq"] = grad.clone(), grad.square()
        super().step(grads)


def with_rates(change):
    """Return a class whose rates and betas are other ones."""

    class Other(Moments):
        def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
            super().__init__(params, *change(lr, beta1, beta2, eps))

    return Other


def with_default(**default):
    """Return a class in which an argument has another default."""

    class Other(Moments):
        def __init__(self, params, *rest, **options):
            given = dict(zip(("lr", "beta1", "beta2", "eps"), rest, strict=False)) | options
            super().__init__(params, **(default | given))

    return Other


def stepping(direction):
    """Return a class whose step is lr times `direction(at)`; what is kept is right."""

    class Other(Moments):
        def step(self, grads):
            old = [param.clone() for param in self.params]
            super().step(grads)
            each = zip(self.params, old, grads, self.states, strict=True)
            for param, before, grad, state in each:
                if grad is not None:
                    param.copy_(before - self.lr * direction(self.seen(state, grad)))

        def seen(self, state, grad):
            beta1, beta2 = self.betas
            count, first, second = state["step"].item(), state["exp_avg"], state["exp_avg_sq"]
            return SimpleNamespace(
                grad=grad, first=first, second=second, count=count,
                beta1=beta1, beta2=beta2, eps=self.eps,
                m_hat=first / (1 - beta1**count), v_hat=second / (1 - beta2**count),
            )  # fmt: skip

    return Other


for name, message, made in (
    ("uphill", "The sign: a gradient points uphill. Subtract.", with_rates(
        lambda lr, *rest: (-lr, *rest)
    )),
    ("betas_exchanged", "beta1 and beta2 are exchanged: beta1 is for the average of the gradients, "
     "beta2 for that of their squares.", with_rates(
        lambda lr, beta1, beta2, eps: (lr, beta2, beta1, eps)
    )),
    ("other_default_rate", "The default of lr is 0.001.", with_default(lr=0.01)),
    ("other_default_beta2", "The default of beta2 is 0.999.", with_default(beta2=0.99)),
    ("other_default_eps", "The default of eps is 1e-8.", with_default(eps=1e-7)),
    ("no_eps", "eps is missing: where all gradients were 0 this divides 0 by 0.", stepping(
        lambda at: at.m_hat / at.v_hat.sqrt()
    )),
    ("eps_before_correction", "eps is added before the correction. Correct the average of the "
     "squares first, take the root, then add eps.", stepping(
        lambda at: at.m_hat / ((at.second.sqrt() + at.eps) / (1 - at.beta2**at.count) ** 0.5)
    )),
    ("eps_inside_root", "eps is inside the root. It is added after: sqrt(v) + eps, which matters "
     "where gradients are tiny.", stepping(lambda at: at.m_hat / (at.v_hat + at.eps).sqrt())),
    ("no_root", "The root is missing: divide by the root of the corrected average.", stepping(
        lambda at: at.m_hat / (at.v_hat + at.eps)
    )),
    ("no_bias_correction", "The averages are not corrected: divide them by 1 - beta**count for "
     "the step.", stepping(lambda at: at.first / (at.second.sqrt() + at.eps))),
    ("first_not_corrected", "Only the average of the squares is corrected; divide that of the "
     "gradients by 1 - beta1**count, too.", stepping(
        lambda at: at.first / (at.v_hat.sqrt() + at.eps)
    )),
    ("second_not_corrected", "Only the average of the gradients is corrected; divide that of the "
     "squares by 1 - beta2**count, too.", stepping(
        lambda at: at.m_hat / (at.second.sqrt() + at.eps)
    )),
    ("beta_without_power", "The correction is 1 - beta at every step. It is a power: "
     "1 - beta**count.", stepping(lambda at: (
        at.first / (1 - at.beta1) / ((at.second / (1 - at.beta2)).sqrt() + at.eps)
    ))),
    ("beta_times_count", "The correction is 1 - beta * count. It is a power: 1 - beta**count.",
     stepping(lambda at: (
        at.first / (1 - at.beta1 * at.count)
        / ((at.second / (1 - at.beta2 * at.count)).sqrt() + at.eps)
    ))),
    ("count_one_more", "The power is one too high: the first step has the count 1.", stepping(
        lambda at: at.first / (1 - at.beta1 ** (at.count + 1))
        / ((at.second / (1 - at.beta2 ** (at.count + 1))).sqrt() + at.eps)
    )),
    ("count_one_less", "The count begins at 0, which divides by 0: count the step first.", stepping(
        lambda at: at.grad + float("nan") if at.count == 1
        else at.first / (1 - at.beta1 ** (at.count - 1))
        / ((at.second / (1 - at.beta2 ** (at.count - 1))).sqrt() + at.eps)
    )),
    ("gradient_for_average", "The step is made of the gradient, as in RMSprop; it is made of the "
     "corrected average of the gradients.", stepping(
        lambda at: at.grad / (at.v_hat.sqrt() + at.eps)
    )),
):  # fmt: skip
    exercise.add(name, message, made)


def averaging(first, second):
    """Return a class with other averages; the step that is made of them is right."""

    class Other(Moments):
        def step(self, grads):
            parts = list(zip(self.params, grads, self.states, strict=True))
            old = [
                (param.clone(), state["exp_avg"].clone(), state["exp_avg_sq"].clone())
                for param, _, state in parts
            ]
            super().step(grads)
            beta1, beta2 = self.betas
            for (param, grad, state), (before, average, square) in zip(parts, old, strict=True):
                if grad is None:
                    continue
                state["exp_avg"], count = first(average, grad, beta1), state["step"].item()
                state["exp_avg_sq"] = second(square, grad, beta2, state["exp_avg"])
                root = (state["exp_avg_sq"] / (1 - beta2**count)).sqrt() + self.eps
                param.copy_(before - self.lr * state["exp_avg"] / (1 - beta1**count) / root)

    return Other


def mixed_in(average, grad, beta):
    """Return an average with its share of a gradient."""
    return average.lerp(grad, 1 - beta)


for name, message, first, second in (
    ("shares_exchanged", "beta and 1 - beta are exchanged: the old averages keep the shares beta.",
     lambda average, grad, beta: mixed_in(average, grad, 1 - beta),
     lambda square, grad, beta, _: mixed_in(square, grad**2, 1 - beta)),
    ("gradient_not_squared", "The second average is of the gradients, not of their squares.",
     mixed_in, lambda square, grad, beta, _: mixed_in(square, grad, beta)),
    ("average_squared", "The second average is of the squared first one: it is of the squared "
     "gradients.", mixed_in, lambda square, _, beta, new: mixed_in(square, new**2, beta)),
    ("summed", "The gradients are added whole: each average takes the share 1 - beta of what is "
     "new.", lambda average, grad, beta: beta * average + grad,
     lambda square, grad, beta, _: beta * square + grad**2),
):  # fmt: skip
    exercise.add(name, message, averaging(first, second))
