"""In training some numbers are dropped and the others grow; backward does as its forward did."""

from grader.checks.layers._layers import pulled_back
from grader.vocabulary import Exercise, array, between, bits, one_of, ref, script, strategy, wide

SHARES = one_of(0.5, 0.25, 0.8, 0.1, 0.0)
TRAIN, EVAL = ("do", "a", "train", ()), ("do", "a", "eval", ())
MODE = ("get", "a", "training")


def arrays(draw, *ends, same=False):
    """Return inputs, a mask and an upstream gradient for each ending; of one shape if so asked."""
    found, shape = {}, None
    for end in ends:
        if shape is None or not same:
            shape = [draw(between(1, 3)) for _ in range(draw(between(1, 3)))]
        dtype = draw(one_of("bool", "float64", "int64"))
        found[f"x{end}"] = draw(array(*shape, of=wide))
        found[f"mask{end}"] = draw(array(*shape, of=bits)).astype(dtype)
        found[f"grad_out{end}"] = draw(array(*shape, of=wide))
    return found


def new(p, name="a"):
    """Return the step that makes a layer."""
    return ("new", name, (p,))


def forward(end="", name="a", how=0):
    """Return the step of a forward: with a mask, by its name, or without one."""
    x, mask = ref(f"x{end}"), ref(f"mask{end}")
    given = ((x, mask), {}), ((x,), {"keep_mask": mask}), ((x,), {})
    return ("call", name, "forward", *given[how])


def backward(end="", name="a"):
    """Return the step of a backward."""
    return ("call", name, "backward", (ref(f"grad_out{end}"),))


@strategy
def one_pass(draw):
    given, how = arrays(draw, ""), draw(between(0, 1))
    back = [backward()] * draw(between(0, 1))
    return script(given, new(draw(SHARES)), MODE, forward(how=how), *back)


@strategy
def again(draw):
    given = arrays(draw, "", "_2")
    first = [backward()] * draw(between(0, 1))
    between_them = [("call", "a", "backward", (ref("x"),))] * draw(between(0, 1))
    then = [("call", "a", "backward", (ref("x_2"),))] * draw(between(0, 1))
    return script(
        given, new(draw(SHARES)), forward(), *first, *between_them, forward("_2"), backward("_2"),
        *then,
    )  # fmt: skip


@strategy
def two(draw):
    """Make two layers; one of them may be in evaluation."""
    given = arrays(draw, "", "_2", same=draw(one_of(False, True)))
    p, more = draw(SHARES), draw(one_of(0.5, 0.2))
    mode = [("do", draw(one_of("a", "other")), "eval", ())] * draw(between(0, 1))
    backs = [backward(), backward("_2", "other")]
    return script(
        given, new(p), new(more, "other"), *mode, MODE, ("get", "other", "training"), forward(),
        forward("_2", "other"), *(backs if draw(one_of(True, False)) else backs[::-1]),
    )  # fmt: skip


@strategy
def in_evaluation(draw):
    """Evaluate, with a mask that is given or without; perhaps after a pass in training."""
    given, how = arrays(draw, "", "_2", same=True), draw(one_of(2, 0, 1))
    before = [forward(), *[backward()] * draw(between(0, 1))] * draw(between(0, 1))
    mode = [EVAL] * draw(between(1, 2))
    return script(
        given, new(draw(SHARES)), *before, *mode, MODE, forward("_2", how=how), backward("_2")
    )


@strategy
def back_and_forth(draw):
    """Change the mode between a forward and its backward, and once more after it."""
    given = arrays(draw, "", "_2", same=draw(one_of(True, False)))
    first = [EVAL] * draw(between(0, 1))
    change = TRAIN if first else EVAL
    how = draw(one_of(0, 2)) if first else 0
    back = [TRAIN, EVAL] if draw(one_of(True, False)) else [EVAL, TRAIN]
    last = back[: draw(between(1, 2))]
    return script(
        given, new(draw(SHARES)), *first, forward(how=how), change, MODE, backward(), *last, MODE,
        forward("_2"), backward("_2"),
    )  # fmt: skip


@strategy
def refused(draw):
    """Ask for a share that is none, or go backward too early."""
    given, p = arrays(draw, ""), draw(SHARES)
    early = ("raises", "RuntimeError", *backward())
    if draw(one_of(True, False)):
        other = [new(p, "other"), forward(name="other")] * draw(between(0, 1))
        mode = [EVAL] * draw(between(0, 1))
        return script(given, *other, new(p), *mode, early, MODE, forward(), backward())
    shares = [draw(one_of(1.0, -0.5, 1.5, -0.01, 1.0, 2.0)) for _ in range(draw(between(1, 2)))]
    refusals = [("raises", "ValueError", "new", "b", (share,)) for share in shares]
    return script(given, new(p), *refusals, forward(), backward())


def calls(method):
    """Return a feature: whether a script calls a method."""
    return lambda script: any(step[0] in ("do", "call") and step[2] == method for step in script)


def shares_of(script):
    """Return the shares of the layers that are made, good ones and bad."""
    made = [step[2:] if step[0] == "raises" else step for step in script]
    return [step[2][0] for step in made if step[0] == "new"]


def is_masked_in_evaluation(script):
    """Tell whether a mask is given while the layer evaluates."""
    evaluating = False
    for step in script:
        if step[:2] == ("do", "a"):
            evaluating = step[2] == "eval"
        masked = len(step) > 4 and (len(step[3]) > 1 or step[4])
        if evaluating and step[:3] == ("call", "a", "forward") and masked:
            return True
    return False


exercise = Exercise(
    points=3,
    decks=(),
    levels={
        "one object, one pass": one_pass(),
        "again": again(),
        "two objects": two(),
        "evaluation": in_evaluation(),
        "modes": back_and_forth(),
        "errors": refused(),
    },
    features={
        "two objects": lambda script: any(step[:2] == ("new", "other") for step in script),
        "eval": calls("eval"),
        "train": calls("train"),
        "a mask given in evaluation": is_masked_in_evaluation,
        "p = 0": lambda script: 0.0 in shares_of(script),
        "p = 1": lambda script: 1.0 in shares_of(script),
        "p below 0": lambda script: min(shares_of(script)) < 0.0,
        "p not 1/2": lambda script: 0.5 not in shares_of(script),
    },
    hints=(
        "Which forward does a backward belong to? What of that one has to be kept, so that a "
        "train() or eval() between them changes nothing?",
        "a = Dropout(0.25)\n"
        "a.forward(array([3.0, 6.0]), array([1, 0])) = [4.0, 0.0]\n"
        "a.eval() = None\n"
        "a.backward(array([9.0, 9.0])) = [12.0, 0.0]    that forward was in training\n"
        "a.forward(array([3.0, 6.0])) = [3.0, 6.0]\n"
        "a.backward(array([9.0, 9.0])) = [9.0, 9.0]",
        "def forward(self, x, keep_mask=None):\n"
        "    self... = ...      # what x is multiplied with: in training, in evaluation\n"
        "    return ...\n"
        "def backward(self, grad_out):\n"
        "    if ...: raise RuntimeError(...)\n"
        "    return ...",
    ),
)


@exercise.equivalent
class Dropping:
    def __init__(self, p):
        if p < 0.0 or p >= 1.0:
            raise ValueError
        self.p, self.training = p, True
        self.given = self.out = None

    def train(self):
        self.training = True

    def eval(self):
        self.training = False

    def forward(self, x, keep_mask=None):
        self.given = x.clone().requires_grad_()
        self.out = self.drop(self.given, keep_mask)
        return self.out.detach().clone()

    def drop(self, x, mask):
        import torch

        if not self.training:
            return torch.nn.Dropout(self.p).eval()(x)
        return (x / (1.0 - self.p)).masked_fill(mask == 0, 0.0)

    def backward(self, grad_out):
        if self.out is None:
            raise RuntimeError
        return pulled_back(self.out, self.given, grad_out)[0]


@exercise.mistake("What is kept does not grow: divide by 1 - p in training.")
class not_scaled(Dropping):
    def drop(self, x, mask):
        return super().drop(x, mask) * (1.0 - self.p if self.training else 1.0)


@exercise.mistake("What is kept is multiplied by 1 - p; it is divided, so that the mean stays.")
class scaled_down(Dropping):
    def drop(self, x, mask):
        return super().drop(x, mask) * ((1.0 - self.p) ** 2 if self.training else 1.0)


@exercise.mistake("What is kept is divided by p, the share that is dropped; divide by 1 - p.")
class scaled_by_p(Dropping):
    def drop(self, x, mask):
        if not self.training:
            return super().drop(x, mask)
        return x * ((mask != 0).double() / self.p)


@exercise.mistake(
    "The growing is done the other way: numbers shrink by 1 - p in evaluation, instead of growing "
    "in training. That is the older form; here training divides, and evaluation does nothing."
)
class scaled_in_evaluation(Dropping):
    def drop(self, x, mask):
        return super().drop(x, mask) * (1.0 - self.p)


@exercise.mistake("Evaluation divides by 1 - p, too: there x stays as it is.")
class grows_in_evaluation(Dropping):
    def drop(self, x, mask):
        return super().drop(x, mask) / (1.0 if self.training else 1.0 - self.p)


@exercise.mistake("The mask is turned round: True is what is kept, not what is dropped.")
class mask_turned(Dropping):
    def drop(self, x, mask):
        return super().drop(x, mask == 0 if self.training else mask)


@exercise.mistake("A mask that is given is used in evaluation, too: there nothing is dropped.")
class masked_in_evaluation(Dropping):
    def drop(self, x, mask):
        evaluating = not self.training and mask is not None
        return (
            (x / (1.0 - self.p)).masked_fill(mask == 0, 0.0)
            if evaluating
            else super().drop(x, mask)
        )


@exercise.mistake(
    "A mask that is given drops numbers in evaluation, too, though they do not grow: there x stays "
    "as it is."
)
class dropped_in_evaluation(Dropping):
    def drop(self, x, mask):
        evaluating = not self.training and mask is not None
        return x.masked_fill(mask == 0, 0.0) if evaluating else super().drop(x, mask)


@exercise.mistake("The mode is not looked at: without training, x passes as it is.")
class always_in_training(Dropping):
    def drop(self, x, mask):
        mode, self.training = self.training, True
        result = super().drop(x, mask)
        self.training = mode
        return result


# ---------------------------------------------------------------------------------- backward


class Kept(Dropping):
    """A layer whose backward multiplies with what it says itself."""

    mask = None

    def forward(self, x, keep_mask=None):
        self.mask, self.was_training = keep_mask, self.training
        return super().forward(x, keep_mask)

    def backward(self, grad_out):
        if self.out is None:
            raise RuntimeError
        return self.back(grad_out)


@exercise.mistake("backward lets the whole gradient through: what was dropped gets 0.")
class gradient_not_masked(Kept):
    def back(self, grad_out):
        return grad_out / (1.0 - self.p if self.was_training else 1.0)


@exercise.mistake("backward forgets to divide by 1 - p, as its forward did.")
class gradient_not_scaled(Kept):
    def back(self, grad_out):
        return grad_out * (self.mask if self.was_training else 1.0)


@exercise.mistake("backward lets the gradient through as it is, in training, too.")
class gradient_as_it_is(Kept):
    def back(self, grad_out):
        return grad_out.clone()


@exercise.mistake(
    "backward asks which mode is on now; that of its forward decides, whatever was called since."
)
class mode_of_now(Kept):
    def back(self, grad_out):
        if self.training and self.mask is None:
            raise TypeError
        return grad_out * self.mask / (1.0 - self.p) if self.training else grad_out


@exercise.mistake(
    "A forward in evaluation leaves the mask of the one before as it was, and backward uses it: "
    "backward belongs to the last forward, in whichever mode."
)
class mask_of_before(Kept):
    def forward(self, x, keep_mask=None):
        before = self.mask
        result = super().forward(x, keep_mask)
        self.mask = self.mask if self.training else before
        return result

    def back(self, grad_out):
        return grad_out if self.mask is None else grad_out * self.mask / (1.0 - self.p)


@exercise.mistake(
    "A mask that is given in evaluation is kept for backward, and used there: that forward let all "
    "pass."
)
class unused_mask_in_backward(Kept):
    def back(self, grad_out):
        return grad_out if self.mask is None else grad_out * self.mask / (1.0 - self.p)


@exercise.mistake("Each mask is used for the first backward alone; it may be called again.")
class backward_once(Dropping):
    def backward(self, grad_out):
        result = super().backward(grad_out)
        self.out = None
        return result


@exercise.mistake("backward belongs to the last forward; this one remembers the first mask.")
class first_mask(Dropping):
    def forward(self, x, keep_mask=None):
        kept = self.given, self.out
        result = super().forward(x, keep_mask)
        if kept[1] is not None:
            self.given, self.out = kept
        return result


@exercise.mistake("The gradient of x is added up over the calls: it is that of this call alone.")
class added_up(Dropping):
    def forward(self, x, keep_mask=None):
        self.so_far = 0.0
        return super().forward(x, keep_mask)

    def backward(self, grad_out):
        self.so_far = self.so_far + super().backward(grad_out)
        return self.so_far


@exercise.mistake(
    "backward without a forward before it raises RuntimeError; this one says nothing."
)
class silent(Dropping):
    def backward(self, grad_out):
        return None if self.out is None else super().backward(grad_out)


# ------------------------------------------------------------------- modes, and whose they are


@exercise.mistake("The layer begins in evaluation: training is True at first.")
class begins_in_evaluation(Dropping):
    def __init__(self, p):
        super().__init__(p)
        self.training = False


@exercise.mistake("eval() changes from one mode to the other: called twice, it has to stay.")
class eval_to_and_fro(Dropping):
    def eval(self):
        self.training = not self.training


@exercise.mistake("train() changes nothing: it sets training to True.")
class train_does_nothing(Dropping):
    def train(self):
        pass


@exercise.mistake("eval() changes nothing: it sets training to False.")
class eval_does_nothing(Dropping):
    def eval(self):
        pass


@exercise.mistake("train() and eval() are taken for each other.")
class modes_turned(Dropping):
    train, eval = Dropping.eval, Dropping.train


@exercise.mistake(
    "The mode belongs to the class: all layers change theirs together. Write it to self."
)
class mode_of_the_class(Dropping):
    def __init__(self, p):
        super().__init__(p)
        type(self).shared = True

    training = property(
        lambda self: type(self).shared, lambda self, value: setattr(type(self), "shared", value)
    )


@exercise.mistake(
    "What forward keeps for backward belongs to the class, so that the newest forward of any layer "
    "counts: write it to self."
)
class mask_of_the_class(Dropping):
    newest = None, None

    def forward(self, x, keep_mask=None):
        result = super().forward(x, keep_mask)
        type(self).newest = self.given, self.out
        return result

    def backward(self, grad_out):
        self.given, self.out = self.newest
        return super().backward(grad_out)


@exercise.mistake("p belongs to the class: the newest layer decides for all. Write it to self.")
class share_of_the_class(Dropping):
    p = property(
        lambda self: type(self).share, lambda self, value: setattr(type(self), "share", value)
    )


# ---------------------------------------------------------------------------- what is refused


@exercise.mistake("A share that is none is not refused: ValueError unless 0 <= p < 1.")
class nothing_refused(Dropping):
    def __init__(self, p):
        super().__init__(0.0)
        self.p = p


@exercise.mistake("p = 1 goes through: it would divide by 0, so that it is refused, too.")
class one_goes_through(Dropping):
    def __init__(self, p):
        super().__init__(0.0 if p == 1.0 else p)


@exercise.mistake("A p below 0 goes through: ValueError unless 0 <= p < 1.")
class below_zero_goes_through(Dropping):
    def __init__(self, p):
        super().__init__(max(p, 0.0))


@exercise.mistake("p = 0 is refused; it drops nothing, and is a share as any other.")
class zero_refused(Dropping):
    def __init__(self, p):
        super().__init__(p or 1.0)


@exercise.mistake("x itself is changed (x *= mask): return a new array.")
class changes_x(Dropping):
    def forward(self, x, keep_mask=None):
        result = super().forward(x, keep_mask)
        x.copy_(result)
        return result


@exercise.mistake("backward changes grad_out itself (grad_out *= mask): return a new array.")
class changes_the_gradient(Dropping):
    def backward(self, grad_out):
        result = super().backward(grad_out)
        grad_out.copy_(result)
        return result
