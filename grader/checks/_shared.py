"""What the checks share: features under another name, and what NumPy would raise."""

import contextlib
import inspect


def renamed(features, **names):
    """Return features for an exercise that calls their arguments otherwise.

    Examples
    --------
    >>> features = renamed({"several": lambda scores: len(scores) > 1}, scores="logits")
    >>> inspect.signature(features["several"])
    <Signature (logits)>
    """

    def rename(feature):
        def asking(*arguments):
            return feature(*arguments)

        asked = inspect.signature(feature).parameters.values()
        asking.__signature__ = inspect.Signature(
            [
                parameter.replace(name=names.get(parameter.name, parameter.name))
                for parameter in asked
            ]
        )
        return asking

    return {words: rename(feature) for words, feature in features.items()}


@contextlib.contextmanager
def numpy_errors():
    """Raise NumPy's `ValueError` where torch finds that two shapes do not fit together."""
    try:
        yield
    except RuntimeError as error:
        raise ValueError(str(error)) from error
