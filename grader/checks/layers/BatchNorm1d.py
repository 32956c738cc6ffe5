"""Batch normalisation with a memory: what was seen in training serves in evaluation."""

from types import SimpleNamespace

from grader.checks.layers._layers import (
    BACKWARD,
    FORWARD,
    TOO_EARLY,
    ZERO,
    Remembering,
    backward,
    first_of,
    forward,
    has,
    of_layers,
    options_of,
    pulled_back,
    reads,
)
from grader.vocabulary import Exercise, array, between, one_of, ref, script, strategy

OPTIONS = one_of({}, {"momentum": 0.5}, {"eps": 0.25}, {"momentum": 1.0, "eps": 0.001})
GRADS = reads("grad_gamma", "grad_beta")
SEEN = reads("running_mean", "running_var")
TRAIN, EVAL = ("do", "a", "train", ()), ("do", "a", "eval", ())
MANY = between(2, 4)


def made(draw, name="a"):
    """Return the step that makes a layer."""
    return "new", name, (ref("gamma"), ref("beta")), draw(OPTIONS)


def arrays(draw, **rows):
    """Return gamma, beta, and inputs and upstream gradients with so many rows for each ending."""
    features = draw(between(1, 3))
    found = {"gamma": draw(array(features)), "beta": draw(array(features))}
    for end, count in {"": MANY, **rows}.items():
        samples = draw(count)
        found[f"x{end}"] = draw(array(samples, features))
        found[f"grad_out{end}"] = draw(array(samples, features))
    return found


@strategy
def one_pass(draw):
    new = made(draw)
    return script(arrays(draw), new, FORWARD, BACKWARD, *GRADS, *SEEN, *reads("gamma", "training"))


@strategy
def again(draw):
    new, zero, goes_on = made(draw), draw(one_of(False, True)), draw(one_of(True, False))
    second = [forward("_2"), *SEEN, backward("_2"), *[backward("_2")] * draw(between(0, 1))]
    return script(
        arrays(draw, _2=MANY), new, *GRADS, *SEEN, FORWARD, BACKWARD, *GRADS, *[ZERO] * zero,
        *GRADS, *(second if goes_on else [BACKWARD]), *GRADS, *SEEN,
        ("ask", "a", "gradients", ()),
    )  # fmt: skip


@strategy
def two(draw):
    options = made(draw)[3:]
    new, other = (("new", name, (ref("gamma"), ref("beta")), *options) for name in ("a", "other"))
    mode = [("do", "other", "eval", ())] * draw(between(0, 1))
    once = [BACKWARD] * draw(between(0, 1))
    return script(
        arrays(draw, _2=MANY), new, other, FORWARD, *mode, forward("_2", "other"), *once,
        *reads("grad_gamma", "grad_beta", "running_mean", "running_var", "training", name="other"),
        backward("_2", "other"), BACKWARD, *GRADS, *SEEN, *reads("training"),
        *reads("grad_gamma", name="other"), forward("_2"), *SEEN,
    )  # fmt: skip


@strategy
def modes(draw):
    """Draw a pass in evaluation after some in training, and perhaps one in training again.

    What is put in comes as often with the shape of training as with another one, of one row, too.
    """
    new, before, evals = made(draw), draw(between(0, 2)), draw(between(1, 2))
    same, turned, back = draw(one_of(True, False)), draw(between(0, 1)), draw(between(0, 1))
    end = "" if same else "_2"
    once = [BACKWARD] * draw(between(0, 1)) if before else []
    calls = [*[FORWARD] * before, *once, *[EVAL] * evals, *reads("training"), *SEEN]
    calls += [forward(end), *SEEN, *[TRAIN] * turned, backward(end), *GRADS]
    trained = [TRAIN, forward("_3"), *SEEN, *[EVAL] * draw(between(0, 1)), backward("_3"), *GRADS]
    calls += [*trained, *reads("training")] * back
    return script(arrays(draw, _2=between(1, 3), _3=MANY), new, *calls)


@strategy
def refused(draw):
    """Draw what is not allowed: a backward too early, and one row in training."""
    new, early, evaluated = made(draw), draw(between(0, 1)), draw(between(0, 1))
    before, after = draw(between(0, 1)), draw(between(0, 1))
    one_row = ("raises", "ValueError", *forward("_2"))
    calls = [TOO_EARLY, *GRADS] * early
    calls += [FORWARD] * before + [one_row, *SEEN]
    calls += [TOO_EARLY] if not before else [BACKWARD, *GRADS]
    calls += [FORWARD, *SEEN, BACKWARD, *GRADS] * after
    calls += [EVAL, forward("_2"), backward("_2"), *SEEN] * evaluated
    return script(arrays(draw, _2=1), new, *calls, *reads("training"))


@strategy
def trained(draw):
    new = made(draw)
    change = ("change", "a", draw(one_of("parameters", "gamma", "beta")), 0.5)
    other = [("new", "other", *new[2:])] * draw(between(0, 1))
    after = forward(name="other") if other else FORWARD
    return script(
        arrays(draw), new, *other, ("ask", "a", "parameters", ()), FORWARD, BACKWARD, change, after,
        *reads("gamma", "beta"), FORWARD, BACKWARD, *GRADS, *SEEN,
    )  # fmt: skip


def methods_of(script):
    """Return the methods of the first layer that are called, in their order."""
    return [step[2] for step in script if step[0] in ("call", "do") and step[1] == "a"]


def is_evaluated(script):
    """Tell whether there is a forward in evaluation."""
    training = True
    for method in methods_of(script):
        if method == "forward" and not training:
            return True
        training = {"train": True, "eval": False}.get(method, training)
    return False


def mode_turned(script):
    """Tell whether the mode changes between a forward and the backward that follows."""
    methods = methods_of(script)
    turns = [("forward", "train", "backward"), ("forward", "eval", "backward")]
    return any(trio in turns for trio in zip(methods, methods[1:], methods[2:], strict=False))


def largest(script):
    """Return how large the numbers are whose mean is taken away, and what they are scaled by."""
    return max(abs(step[2]).max() for step in script if step[0] == "let")


exercise = Exercise(
    points=5,
    decks=(),
    requires=("Linear", "normalisation.batch_norm_forward", "normalisation.batch_norm_backward"),
    levels={
        "one object, one pass": one_pass(),
        "again": again(),
        "two objects": two(),
        "training and evaluation": modes(),
        "one row, backward too early": refused(),
        "trained": trained(),
    },
    features={
        "two objects": has("new", "other"),
        "zero_grad": has("do", "zero_grad"),
        "a pass in evaluation": is_evaluated,
        "the mode changed before backward": mode_turned,
        "eval() twice": lambda script: [step[:3] for step in script].count(EVAL[:3]) > 1,
        "one row": lambda script: any(
            step[0] == "let" and step[1][0] == "x" and len(step[2]) == 1 for step in script
        ),
        "a change in place": lambda script: any(step[0] == "change" for step in script),
        "two samples": lambda script: len(first_of(script, "x")) == 2,
        "momentum of its own": lambda script: "momentum" in options_of(script),
        "eps of its own": lambda script: "eps" in options_of(script),
    },
    terms=largest,
    hints=(
        "Which mean and variance does each of the two modes take, and which of them moves the "
        "running ones? What has backward to know of the forward before it, so that a change of "
        "mode since then does not matter?",
        "a = BatchNorm1d(array([1.0]), array([0.0]), 0.5, 0.0)\n"
        "a.forward(array([[1.0], [5.0]])) = [[-1], [1]]\n"
        "a.running_mean = [1.5]        half of 0 and half of 3\n"
        "a.running_var = [4.5]         half of 1 and half of (4 + 4) / (2 - 1)\n"
        "a.eval()\n"
        "a.forward(array([[1.5]])) = [[0]]\n"
        "a.train()\n"
        "a.backward(array([[4.5 ** 0.5]])) = [[1]]     in evaluation, as its forward was",
        "def forward(self, x):\n"
        "    if self.training:\n"
        "        if ...: raise ValueError(...)\n"
        "        mean, var = ...                      # of the batch\n"
        "        self.running_var = ...               # with the other variance\n"
        "    else:\n"
        "        mean, var = ...\n"
        "    self.kept = ..., self.training           # for backward\n"
        "    return ...",
    ),
)


@exercise.equivalent
class Norm(Remembering):
    names = "gamma", "beta"

    def __init__(self, gamma, beta, momentum=0.1, eps=1e-5):
        super().__init__(gamma, beta)
        self.momentum, self.eps, self.training = momentum, eps, True
        self.running_mean, self.running_var = gamma * 0, gamma * 0 + 1

    def train(self):
        self.training = True

    def eval(self):
        self.training = False

    def forward(self, x):
        import torch.nn.functional as F

        seen = self.running_mean.clone(), self.running_var.clone()
        F.batch_norm(x, *seen, training=self.training, momentum=self.momentum)
        self.how = self.training, self.running_mean.clone(), self.running_var.clone()
        self.running_mean, self.running_var = seen
        return super().forward(x)

    def compute(self, x, gamma, beta):
        import torch.nn.functional as F

        training, *seen = self.how
        seen = [one.clone() for one in seen]
        return F.batch_norm(x, *seen, gamma, beta, training, eps=self.eps)


of_layers(exercise, Norm)


def remembering(change, layer=Norm):
    """Return a class that remembers what `change(at)` says of mean and variance."""

    class Other(layer):
        def forward(self, x):
            before = self.running_mean, self.running_var
            result = super().forward(x)
            after = self.running_mean, self.running_var
            at = SimpleNamespace(layer=self, x=x, before=before, after=after)
            self.running_mean, self.running_var = change(at)
            return result

    return Other


def only_in_training(change, layer=Norm):
    """Return the same for a change of what is remembered in training."""
    return remembering(lambda at: change(at) if at.layer.training else at.before, layer)


def mixed_in(layer, old, new):
    """Return a running number with its share of a new one."""
    return old.lerp(new, layer.momentum)


for name, message, made_so in (
    ("updated_in_evaluation", "The running statistics move in evaluation, too: only training "
     "changes them.", remembering(lambda at: at.after if at.layer.training else (
        mixed_in(at.layer, at.before[0], at.x.mean(0)),
        mixed_in(at.layer, at.before[1], at.x.var(0)),
    ))),
    ("correction_upside_down", "running_var takes the biased variance times (N - 1) / N: the "
     "unbiased one is N / (N - 1) times the biased one.", only_in_training(lambda at: (
        at.after[0],
        mixed_in(at.layer, at.before[1], at.x.var(0, correction=0) * (1 - 1 / len(at.x))),
    ))),
    ("correction_of_all", "N / (N - 1) multiplies all of running_var: it belongs to the variance "
     "of the batch alone.", only_in_training(lambda at: (
        at.after[0],
        mixed_in(at.layer, at.before[1], at.x.var(0, correction=0)) * len(at.x) / (len(at.x) - 1),
    ))),
    ("correction_of_the_mean", "N / (N - 1) is for the variance: the mean is remembered as it is.",
     only_in_training(lambda at: (
        mixed_in(at.layer, at.before[0], at.x.sum(0) / (len(at.x) - 1)), at.after[1]
    ))),
    ("biased_variance_remembered", "running_var takes the biased variance: what is remembered is "
     "the unbiased one, divided by N - 1.", only_in_training(lambda at: (
        at.after[0], mixed_in(at.layer, at.before[1], at.x.var(0, correction=0))
    ))),
    ("momentum_the_wrong_way", "momentum is the share of the old statistics here; it is that of "
     "the batch.", only_in_training(lambda at: (
        at.x.mean(0).lerp(at.before[0], at.layer.momentum),
        at.x.var(0).lerp(at.before[1], at.layer.momentum),
    ))),
    ("never_remembered", "The running statistics never move: each forward in training mixes them "
     "with those of its batch.", remembering(lambda at: at.before)),
    ("variance_not_remembered", "running_var never moves.", remembering(
        lambda at: (at.after[0], at.before[1])
    )),
    ("mean_not_remembered", "running_mean never moves.", remembering(
        lambda at: (at.before[0], at.after[1])
    )),
    ("statistics_of_the_last_batch", "The running statistics are those of the last batch alone: "
     "they keep the share 1 - momentum.", only_in_training(lambda at: (
        at.x.mean(0), at.x.var(0)
    ))),
    ("statistics_added_up", "What was there stays whole: it keeps the share 1 - momentum.",
     only_in_training(lambda at: (
        at.before[0] + at.layer.momentum * at.x.mean(0),
        at.before[1] + at.layer.momentum * at.x.var(0),
    ))),
    ("deviation_remembered", "running_var remembers the standard deviation: it is the variance.",
     only_in_training(lambda at: (
        at.after[0], mixed_in(at.layer, at.before[1], at.x.std(0))
    ))),
):  # fmt: skip
    exercise.add(name, message, made_so)


@exercise.mistake(
    "The running statistics move in evaluation, too, before it normalises with them: only training "
    "changes them."
)
class updated_before_evaluation(Norm):
    def forward(self, x):
        if not self.training:
            self.running_mean = mixed_in(self, self.running_mean, x.mean(0))
            self.running_var = mixed_in(self, self.running_var, x.var(0))
        return super().forward(x)


@exercise.mistake("running_var begins with zeros: it begins with ones.")
class variance_from_zero(Norm):
    def __init__(self, *given, **options):
        super().__init__(*given, **options)
        self.running_var = self.running_var * 0


@exercise.mistake("Evaluation takes the batch's own mean and variance: it takes the running ones.")
class batch_in_evaluation(Norm):
    def forward(self, x):
        result = super().forward(x)
        if self.training:
            return result
        self.how = False, x.mean(0), x.var(0, correction=0)
        self.out = self.compute(*self.given)
        return self.out.detach().clone()


@exercise.mistake(
    "Training takes the running mean and variance: it takes those of its batch, and remembers them."
)
class running_in_training(Norm):
    def forward(self, x):
        result = super().forward(x)
        if not self.training:
            return result
        x, gamma, beta = self.given
        root = (self.running_var + self.eps).sqrt()
        z = (x.detach() - self.running_mean) / root
        self.out = moved_by_all(x, z, root) * gamma + beta
        return self.out.detach().clone()


@exercise.mistake("It begins in evaluation: a new layer is in training.")
class begins_in_evaluation(Norm):
    def __init__(self, *given, **options):
        super().__init__(*given, **options)
        self.training = False


@exercise.mistake("eval() changes nothing: it sets self.training to False.")
class always_in_training(Norm):
    def eval(self):
        pass


@exercise.mistake("train() changes nothing: it sets self.training to True again.")
class never_back_to_training(Norm):
    def train(self):
        pass


@exercise.mistake("eval() turns the mode round, so that the second one trains: it sets it.")
class mode_turned_round(Norm):
    def eval(self):
        self.training = not self.training


@exercise.mistake("The mode belongs to the class: eval() of one layer changes all. Write to self.")
class mode_of_the_class(Norm):
    def __init__(self, *given, **options):
        super().__init__(*given, **options)
        del self.training
        type(self).training = True

    def train(self):
        type(self).training = True

    def eval(self):
        type(self).training = False


@exercise.mistake(
    "The running statistics belong to the class: all layers move the same. Write to self."
)
class statistics_of_the_class(Norm):
    def __init__(self, *given, **options):
        super().__init__(*given, **options)
        type(self).newest = self.running_mean, self.running_var

    def forward(self, x):
        result = super().forward(x)
        type(self).newest = self.__dict__["running_mean"], self.__dict__["running_var"]
        return result

    def __getattribute__(self, name):
        if name in ("running_mean", "running_var") and hasattr(type(self), "newest"):
            return type(self).newest[name == "running_var"]
        return super().__getattribute__(name)


@exercise.mistake(
    "backward goes by the mode of now: it belongs to its forward, whatever was called since."
)
class backward_by_the_mode_of_now(Norm):
    def backward(self, grad_out):
        if self.out is not None and self.how[0] != self.training:
            self.out = other_way(self)
        return super().backward(grad_out)


def moved_by_all(x, z, root):
    """Return z, from which as in training a gradient goes back to each x through mean and root."""
    moved = (x - x.mean(0) - z * (x * z).mean(0)) / root
    return moved - moved.detach() + z


def other_way(layer, *, running=False):
    """Return the last result by numbers that are equal and have the other mode's gradients.

    Those of evaluation divide by the root of that forward, or by that of `running_var` by now.
    """
    x, gamma, beta = layer.given
    training, mean, var = layer.how
    if not training:
        root = (var + layer.eps).sqrt()
        return moved_by_all(x, (x.detach() - mean) / root, root) * gamma + beta
    mean, var = x.detach().mean(0), x.detach().var(0, correction=0)
    z = (x.detach() - mean) / (var + layer.eps).sqrt()
    moved = x / ((layer.running_var if running else var) + layer.eps).sqrt()
    return (moved - moved.detach() + z) * gamma + beta


@exercise.mistake(
    "backward goes by the mode of now, and divides by the root of running_var in evaluation: it "
    "belongs to its forward, whatever was called since."
)
class backward_by_mode_and_variance_of_now(Norm):
    def backward(self, grad_out):
        if self.out is not None and self.how[0] != self.training:
            self.out = other_way(self, running=True)
        return super().backward(grad_out)


@exercise.mistake(
    "backward is always that of training: after a forward in evaluation mean and variance are "
    "constants, and grad_x is grad_out * gamma / sqrt(running_var + eps)."
)
class backward_of_training(Norm):
    def backward(self, grad_out):
        if self.out is not None and not self.how[0]:
            self.out = other_way(self)
        return super().backward(grad_out)


@exercise.mistake(
    "backward takes mean and variance for constants in training, too: each x moves them as well."
)
class backward_of_evaluation(Norm):
    def backward(self, grad_out):
        if self.out is not None and self.how[0]:
            self.out = other_way(self)
        return super().backward(grad_out)


@exercise.mistake(
    "backward after a forward in evaluation takes what the last forward in training kept."
)
class cache_of_training(Norm):
    def forward(self, x):
        kept = self.out, self.given, self.how
        result = super().forward(x)
        if not self.training:
            self.out, self.given, self.how = kept
        return result

    def backward(self, grad_out):
        if self.out is None or len(self.out) == len(grad_out):
            return super().backward(grad_out)
        if len(grad_out) > 1:
            raise ValueError
        before = self.grad_beta
        result = super().backward(grad_out.expand(len(self.out), -1))
        self.grad_beta = before + grad_out[0]
        return result


@exercise.mistake(
    "One row in training goes through: its unbiased variance is 0 / 0. Raise ValueError."
)
class one_row_goes_through(Norm):
    def forward(self, x):
        if not self.training or len(x) > 1:
            return super().forward(x)
        self.running_mean = mixed_in(self, self.running_mean, x[0])
        self.running_var = self.running_var * float("nan")
        self.how = True, x[0] * 0, x[0] * 0
        return Remembering.forward(self, x)

    def compute(self, x, gamma, beta):
        alone = self.how[0] and len(x) == 1
        return (x - x) * gamma + beta if alone else super().compute(x, gamma, beta)


@exercise.mistake("One row is refused in evaluation, too: there it is welcome.")
class one_row_never(Norm):
    def forward(self, x):
        if len(x) < 2:
            raise ValueError
        return super().forward(x)


@exercise.mistake(
    "The statistics have moved before one row is refused: look first, then leave all as it was."
)
class moved_before_it_refuses(Norm):
    def forward(self, x):
        if self.training and len(x) < 2:
            self.running_mean = mixed_in(self, self.running_mean, x.mean(0))
        return super().forward(x)


def by_hand(measure):
    """Return a class that normalises by the centre and the root that `measure` says."""

    class Other(Norm):
        def compute(self, x, gamma, beta):
            training, mean, var = self.how
            if training:
                mean, var = x.detach().mean(0), x.detach().var(0, correction=0)
            centre, root = measure(mean, var, self.eps, len(x) if training else 1e300)
            z = (x - centre) / root
            z = moved_by_all(x, z.detach(), root) if training else z
            return z * gamma + beta

    return Other


for name, message, measure in (
    ("unbiased_in_the_output", "The batch is normalised with the unbiased variance: that one is "
     "for running_var, the output has the biased one.",
     lambda mean, var, eps, n: (mean, (var * n / (n - 1) + eps).sqrt())),
    ("eps_outside_root", "eps is added to the root: it stands under it.",
     lambda mean, var, eps, _n: (mean, var.sqrt() + eps)),
    ("divided_by_variance", "It is divided by the variance: divide by the root of it.",
     lambda mean, var, eps, _n: (mean, var + eps)),
    ("mean_not_subtracted", "The mean is not subtracted.",
     lambda mean, var, eps, _n: (0 * mean, (var + eps).sqrt())),
):  # fmt: skip
    exercise.add(name, message, by_hand(measure))


exercise.add(
    "variances_exchanged",
    "The two variances are exchanged: the output has the biased one, divided by N, and running_var "
    "the unbiased one, divided by N - 1.",
    only_in_training(
        lambda at: (at.after[0], mixed_in(at.layer, at.before[1], at.x.var(0, correction=0))),
        by_hand(lambda mean, var, eps, n: (mean, (var * n / (n - 1) + eps).sqrt())),
    ),
)


@exercise.mistake("gamma is not used in forward: the normalised numbers are multiplied by it.")
class without_gamma(Norm):
    def compute(self, x, gamma, beta):
        return super().compute(x, gamma * 0 + 1, beta)

    def backward(self, grad_out):
        self.out = None if self.out is None else super().compute(*self.given)
        return super().backward(grad_out)


@exercise.mistake("beta is not used in forward: it is added at the end.")
class without_beta(Norm):
    def compute(self, x, gamma, beta):
        return super().compute(x, gamma, beta * 0)

    def backward(self, grad_out):
        self.out = None if self.out is None else super().compute(*self.given)
        return super().backward(grad_out)


@exercise.mistake("The gradient of x lacks gamma: it is grad_out * gamma that goes back.")
class grad_x_without_gamma(Norm):
    def backward(self, grad_out):
        super().backward(grad_out)
        x, gamma, beta = self.given
        (result,) = pulled_back(self.compute(x, gamma * 0 + 1, beta), x, grad_out)
        return result


@exercise.mistake("eps is not used: 1e-5 is its default only.")
class eps_ignored(Norm):
    def __init__(self, gamma, beta, momentum=0.1, eps=1e-5):
        super().__init__(gamma, beta, momentum)


@exercise.mistake("momentum is not used: 0.1 is its default only.")
class momentum_ignored(Norm):
    def __init__(self, gamma, beta, momentum=0.1, eps=1e-5):
        super().__init__(gamma, beta, eps=eps)
