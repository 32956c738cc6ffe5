"""One epoch: the shuffled sample numbers are cut into batches, and none is left out."""

from grader.vocabulary import Exercise, array, between, permutation_of, strategy


@strategy
def full_batches(draw):
    """Draw sample numbers in a random order that fill every batch."""
    size, count = draw(between(1, 6)), draw(between(1, 4))
    samples = size * count
    return samples, size, draw(array(samples, of=permutation_of(samples)))


@strategy
def short_last_batch(draw):
    """Draw sample numbers in a random order that leave a short batch at the end."""
    size, count = draw(between(2, 6)), draw(between(0, 4))
    samples = size * count + draw(between(1, size - 1))
    return samples, size, draw(array(samples, of=permutation_of(samples)))


exercise = Exercise(
    points=1,
    decks=("001", "002"),
    levels={"full batches": full_batches(), "a short last batch": short_last_batch()},
    features={
        "a short last batch": lambda num_samples, batch_size: num_samples % batch_size > 0,
        "batch_size above num_samples": lambda num_samples, batch_size: batch_size > num_samples,
        "just one batch": lambda num_samples, batch_size: batch_size >= num_samples,
    },
    hints=(
        "Every sample is visited once in an epoch, in the given order: where does each batch "
        "begin, and where does it end?",
        "Five samples in the order 3, 0, 4, 1, 2, two in a batch: they begin at 0, 2 and 4.\n"
        "minibatches(5, 2, [3, 0, 4, 1, 2])[0] = [3, 0]\n"
        "minibatches(5, 2, [3, 0, 4, 1, 2])[2] = [2]\n"
        "The last one is short.",
        "batches = []\n"
        "for start in range(0, ..., ...):\n"
        "    batches.append(order[start : ...])   # past the end a slice is short\n"
        "return batches",
    ),
)


@exercise.equivalent
def batches(num_samples, batch_size, order):
    return list(order.split(batch_size))


@exercise.mistake("The short batch at the end is dropped; its samples are never visited.")
def short_batch_dropped(num_samples, batch_size, order):
    return [batch for batch in batches(num_samples, batch_size, order) if len(batch) == batch_size]


@exercise.mistake("The last batch is always missing: the range of starts ends too early.")
def last_batch_missing(num_samples, batch_size, order):
    return batches(num_samples, batch_size, order)[:-1]


@exercise.mistake(
    "`order` is not used: the samples come as 0, 1, 2, ... A batch holds pieces of `order`."
)
def order_ignored(num_samples, batch_size, order):
    return batches(num_samples, batch_size, order.sort().values)


@exercise.mistake("An empty batch comes last where batch_size divides num_samples.")
def empty_batch(num_samples, batch_size, order):
    rest = [] if num_samples % batch_size else [order[:0]]
    return batches(num_samples, batch_size, order) + rest


@exercise.mistake(
    "There are batch_size batches. batch_size is how many samples a batch holds, not how many "
    "batches there are."
)
def count_for_size(num_samples, batch_size, order):
    return list(order.tensor_split(batch_size))


@exercise.mistake(
    "All batches are made about equally long, as np.array_split does. All hold batch_size samples, "
    "only the last may be short."
)
def equal_batches(num_samples, batch_size, order):
    return list(order.tensor_split(len(batches(num_samples, batch_size, order))))


@exercise.mistake("The short batch is filled up with samples from the beginning, visited twice.")
def filled_up(num_samples, batch_size, order):
    *full, last = batches(num_samples, batch_size, order)
    return [*full, order.repeat(batch_size)[num_samples - len(last) :][:batch_size]]


@exercise.mistake("The samples left over join the last full batch; give them a batch of their own.")
def joined_to_the_last(num_samples, batch_size, order):
    count = max(1, num_samples // batch_size)
    return list(order.tensor_split([i * batch_size for i in range(1, count)]))


@exercise.mistake("Every batch takes each k-th sample; it is a run of neighbours in `order`.")
def strided(num_samples, batch_size, order):
    count = len(batches(num_samples, batch_size, order))
    return [order[start::count] for start in range(count)]


@exercise.mistake("Only the first batch is returned; cut the whole of `order`.")
def first_batch_alone(num_samples, batch_size, order):
    return batches(num_samples, batch_size, order)[:1]


@exercise.mistake("The samples inside a batch are sorted; keep them as `order` has them.")
def sorted_inside(num_samples, batch_size, order):
    return [batch.sort().values for batch in batches(num_samples, batch_size, order)]
