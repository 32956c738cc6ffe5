"""Optimisers, with loops, classes, ufuncs and other algebraic forms."""

import math

import numpy as np


def sgd_step(param, grad, lr):
    step = np.multiply(grad, -lr, order="F")
    step += param
    return step


def momentum_step(param, grad, velocity, lr, momentum=0.9):
    new_velocity = np.array(velocity)
    new_velocity *= momentum
    new_velocity += grad
    return [np.asfortranarray(param + new_velocity * -lr), new_velocity]


def nesterov_step(param, grad, velocity, lr, momentum=0.9):
    # The textbook form: move with the new velocity as if it were the old one, and step again.
    ahead = momentum * (grad + momentum * velocity) + grad
    moved = np.subtract(param, np.multiply(lr, ahead), order="F")
    return moved, np.add(grad, np.multiply(velocity, momentum))


def adagrad_step(param, grad, sum_squares, lr, eps=1e-10):
    new_param, new_sum = np.empty(param.shape), np.empty(param.shape)
    for place in np.ndindex(param.shape):
        slope = float(grad[place])
        total = float(sum_squares[place]) + slope * slope
        new_sum[place] = total
        new_param[place] = float(param[place]) - lr * (slope / (math.sqrt(total) + eps))
    return [new_param, new_sum]


class _RunningAverage:
    def __init__(self, value, keep):
        self.value = value
        self.keep = keep

    def follow(self, new):
        self.value = new + self.keep * (self.value - new)
        return self.value


def rmsprop_step(param, grad, square_avg, lr, alpha=0.99, eps=1e-8):
    average = _RunningAverage(square_avg, alpha)
    root = average.follow(np.square(grad)) ** 0.5
    return param + grad * (-lr / (eps + root)), average.value


def adadelta_step(param, grad, square_avg, acc_delta, lr=1.0, rho=0.9, eps=1e-6):
    squares, moves = _RunningAverage(square_avg, rho), _RunningAverage(acc_delta, rho)
    ratio = (acc_delta + eps) / (squares.follow(grad * grad) + eps)
    moves.follow(ratio * grad * grad)
    return [param - np.sqrt(ratio) * (lr * grad), squares.value, moves.value]


def adam_step(param, grad, exp_avg, exp_avg_sq, step, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    first, second = _RunningAverage(exp_avg, beta1), _RunningAverage(exp_avg_sq, beta2)
    first.follow(grad)
    second.follow(grad * grad)
    # Both corrections are moved out of the fraction; eps must be scaled along.
    correction = math.sqrt(1 - math.pow(beta2, step))
    rate = lr * correction / (1 - math.pow(beta1, step))
    new_param = param - rate * first.value / (np.sqrt(second.value) + eps * correction)
    return [new_param, first.value, second.value]


def clip_grad_norm(grads, max_norm):
    total = 0.0
    for grad in grads:
        total = math.hypot(total, float(np.linalg.norm(grad.ravel())))
    # torch's form: a guarded division, and a factor that never exceeds 1.
    factor = min(1.0, max_norm / (total + 1e-6))
    return tuple(np.multiply(grad, factor, order="F") for grad in grads)


def minibatches(num_samples, batch_size, order):
    # Every second view has gaps in memory: a batch need not be contiguous.
    spread = np.repeat(order, 2)[::2]
    return tuple(np.split(spread, range(batch_size, num_samples, batch_size)))


def finetune_step(params, grads, lr, num_trainable):
    updated = []
    for depth in range(len(params)):
        from_the_end = len(params) - depth
        rate = lr if from_the_end <= num_trainable else 0.0
        updated.append(params[depth] if rate == 0.0 else params[depth] + (-rate) * grads[depth])
    return tuple(updated)
