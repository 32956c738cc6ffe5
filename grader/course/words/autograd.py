"""Gradients by torch, for the equivalents of `*_backward` exercises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def gradients(function: Callable[..., Any], grad_out: Any, *inputs: Any) -> tuple[Any, ...]:
    """Return autograd's gradients of `function(*inputs)`, as a `*_backward` exercise returns them.

    Parameters
    ----------
    function
        Takes tensors, returns a tensor.
    grad_out
        The upstream gradient, of the shape of the result (or 1.0 for a loss).
    *inputs
        Tensors; each gets its gradient.

    Returns
    -------
    tuple of Tensor
        In the order of `inputs`; zeros for one that the result does not depend on.

    Notes
    -----
    `(out * grad_out).sum().backward()` and not `autograd.grad(out, inputs, grad_out)`: the latter's
    first call costs a third of importing torch.
    """
    leaves = [value.detach().clone().requires_grad_(True) for value in inputs]
    (function(*leaves) * grad_out).sum().backward()
    return tuple(leaf.grad if leaf.grad is not None else leaf.detach() * 0.0 for leaf in leaves)
