"""Generative models: the pieces of auto-encoders, variational auto-encoders and GANs."""

from __future__ import annotations

import numpy as np


def mask_corrupt(x: np.ndarray, keep_mask: np.ndarray) -> np.ndarray:
    """Blank out the masked elements, as the input of a denoising auto-encoder.

    Parameters
    ----------
    x : ndarray of float64, any shape
        The clean input.
    keep_mask : ndarray of bool, or of 0 and 1, shape of x
        True or 1 where x is kept, False or 0 where it is blanked out.

    Returns
    -------
    corrupted : ndarray of float64, shape of x
        x where it is kept, 0 elsewhere.

    Notes
    -----
    corrupted = x where keep_mask is 1, and 0 where it is 0. What is kept is not rescaled.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 2 Autoencoders > Recap: Denoising Autoencoder.
    .. [2] Vincent, Larochelle, Bengio & Manzagol 2008, "Extracting and composing robust features
       with denoising autoencoders".

    Examples
    --------
    >>> import numpy as np
    >>> mask_corrupt(np.array([[1.0, -2.0, 3.0]]), np.array([[True, False, True]]))
    array([[1., 0., 3.]])
    """
    raise NotImplementedError


def reconstruction_loss(x: np.ndarray, x_hat: np.ndarray) -> float:
    """Measure how far the reconstruction is from the input.

    Parameters
    ----------
    x : ndarray of float64, any shape
        The input.
    x_hat : ndarray of float64, shape of x
        What the decoder makes of it.

    Returns
    -------
    loss : float
        Mean squared error, 0 or more.

    Notes
    -----
    loss = mean of (x - x_hat)^2 over all elements, batch and features alike.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 2 Autoencoders > Recap: Autoencoders.
    .. [2] torch documentation, `torch.nn.functional.mse_loss`.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> x_hat = np.array([[1.0, 0.0], [3.0, 6.0]])
    >>> float(reconstruction_loss(x, x_hat))
    2.0
    """
    raise NotImplementedError


def autoencoder_forward(
    x: np.ndarray, w1: np.ndarray, b1: np.ndarray, w2: np.ndarray, b2: np.ndarray
) -> np.ndarray:
    """Squeeze the input through a narrow middle, and rebuild it.

    Parameters
    ----------
    x : ndarray of float64, shape (N, D)
        N inputs, clean or with holes.
    w1 : ndarray of float64, shape (M, D)
        Weights of the encoder; M is how many numbers the code has.
    b1 : ndarray of float64, shape (M,)
        Biases of the encoder.
    w2 : ndarray of float64, shape (D, M)
        Weights of the decoder.
    b2 : ndarray of float64, shape (D,)
        Biases of the decoder.

    Returns
    -------
    x_hat : ndarray of float64, shape (N, D)
        The reconstruction, between 0 and 1.

    Notes
    -----
    For each sample, with column vectors: code = max(0, w1 x + b1), and
    x_hat = sigmoid(w2 code + b2). With M below D the code cannot hold everything, so that the
    network has to find out what matters. It must be right at scores of +-1000, where x_hat is 0 or
    1.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 2 Autoencoders > Recap: Autoencoders.
    .. [2] Hinton & Salakhutdinov 2006, "Reducing the dimensionality of data with neural networks".
    .. [3] torch documentation, `torch.nn.functional.linear`.

    Examples
    --------
    The code is max(0, 3 - 2) = 1, and the scores are 1 and -1000.

    >>> import numpy as np
    >>> w1, w2 = np.array([[1.0, -1.0]]), np.array([[1.0], [-1000.0]])
    >>> x = np.array([[3.0, 2.0]])
    >>> autoencoder_forward(x, w1, np.zeros(1), w2, np.zeros(2)).round(4)
    array([[0.7311, 0.    ]])
    """
    raise NotImplementedError


def autoencoder_backward(
    x: np.ndarray,
    target: np.ndarray,
    w1: np.ndarray,
    b1: np.ndarray,
    w2: np.ndarray,
    b2: np.ndarray,
) -> tuple[float, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Compute the loss of an auto-encoder, and how it changes with every weight and bias.

    Parameters
    ----------
    x : ndarray of float64, shape (N, D)
        What the encoder sees: the clean input, or one with holes.
    target : ndarray of float64, shape (N, D)
        What is wanted: the clean input.
    w1 : ndarray of float64, shape (M, D)
        Weights of the encoder.
    b1 : ndarray of float64, shape (M,)
        Biases of the encoder.
    w2 : ndarray of float64, shape (D, M)
        Weights of the decoder.
    b2 : ndarray of float64, shape (D,)
        Biases of the decoder.

    Returns
    -------
    loss : float
        Mean squared error of the reconstruction to target, over all N * D numbers.
    grad_w1 : ndarray of float64, shape (M, D)
        Gradient of the loss with respect to w1.
    grad_b1 : ndarray of float64, shape (M,)
        Gradient with respect to b1.
    grad_w2 : ndarray of float64, shape (D, M)
        Gradient with respect to w2.
    grad_b2 : ndarray of float64, shape (D,)
        Gradient with respect to b2.

    Notes
    -----
    The forward pass is that of `autoencoder_forward`, x_hat = sigmoid(a) with the scores
    a = w2 code + b2, and loss = mean of (x_hat - target)^2. Back through it, element by element,

        dL/da = 2 / (N D) * (x_hat - target) * x_hat * (1 - x_hat)

    and from there through both layers; where the code is 0 nothing passes. A denoising
    auto-encoder is trained with this: x has the holes, target has none.

    References
    ----------
    .. [1] Lecture "CIS 6930, week 7", Week 2 Autoencoders > Recap: Denoising Autoencoder.
    .. [2] Vincent, Larochelle, Bengio & Manzagol 2008, "Extracting and composing robust features
       with denoising autoencoders".
    .. [3] torch documentation, `torch.nn.functional.mse_loss`.

    Examples
    --------
    The code is 1 and the score 0, so that x_hat is 1/2 where 1 is wanted: 2 * (-1/2) * 1/4.

    >>> import numpy as np
    >>> one, zero = np.array([[1.0]]), np.zeros(1)
    >>> loss, grad_w1, grad_b1, grad_w2, grad_b2 = autoencoder_backward(
    ...     one, one, one, zero, 0.0 * one, zero
    ... )
    >>> loss, grad_w2, grad_b1
    (0.25, array([[-0.25]]), array([0.]))
    """
    raise NotImplementedError


def reparameterize(mu: np.ndarray, logvar: np.ndarray, eps: np.ndarray) -> np.ndarray:
    """Turn standard normal noise into a sample of the encoder's distribution.

    Parameters
    ----------
    mu : ndarray of float64, any shape
        Mean of each latent variable.
    logvar : ndarray of float64, shape of mu
        Logarithm of the variance (not of the standard deviation), any sign.
    eps : ndarray of float64, shape of mu
        Noise drawn from the standard normal distribution.

    Returns
    -------
    z : ndarray of float64, shape of mu
        The sample.

    Notes
    -----
    z = mu + sigma * eps, with sigma = exp(logvar / 2). All chance is in eps, so gradients reach
    mu and logvar.

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Generative models > Learn about VAEs and GANs.
    .. [2] Kingma & Welling 2014, "Auto-encoding variational Bayes".

    Examples
    --------
    A variance of 4 is a standard deviation of 2.

    >>> import numpy as np
    >>> reparameterize(np.array([1.0]), np.log(np.array([4.0])), np.array([-3.0])).round(6)
    array([-5.])
    """
    raise NotImplementedError


def kl_standard_normal(mu: np.ndarray, logvar: np.ndarray) -> float:
    """Measure how far the encoder's normal distributions are from the standard normal one.

    Parameters
    ----------
    mu : ndarray of float64, shape (N, D)
        Means of the D latent variables of N samples.
    logvar : ndarray of float64, shape (N, D)
        Logarithms of their variances.

    Returns
    -------
    kl : float
        Kullback-Leibler divergence, 0 or more: summed over the D dimensions, mean over the
        batch.

    Notes
    -----
    For one latent variable with sigma^2 = exp(logvar)

        KL(N(mu, sigma^2) || N(0, 1)) = (sigma^2 + mu^2 - 1 - logvar) / 2

    which is 0 only at mu = 0 and logvar = 0.

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Generative models > Learn about VAEs and GANs.
    .. [2] Kingma & Welling 2014, "Auto-encoding variational Bayes", appendix B.
    .. [3] torch documentation, `torch.distributions.kl.kl_divergence`.

    Examples
    --------
    >>> import numpy as np
    >>> mu = np.array([[1.0, 3.0], [0.0, 0.0]])
    >>> float(kl_standard_normal(mu, np.zeros((2, 2))))
    2.5
    """
    raise NotImplementedError


def discriminator_loss(real_logits: np.ndarray, fake_logits: np.ndarray) -> float:
    """Score a discriminator that should call real samples real and generated ones fake.

    Parameters
    ----------
    real_logits : ndarray of float64, any shape
        Its outputs for real samples, before the sigmoid; large means "real".
    fake_logits : ndarray of float64, any shape
        Its outputs for generated samples; there may be more or fewer of them.

    Returns
    -------
    loss : float
        Binary cross-entropy, 0 or more: the mean over the real samples plus the mean over the
        fake ones.

    Notes
    -----
    With D = sigmoid(logit), the probability of "real":

        loss = mean of -log(D) over the real ones + mean of -log(1 - D) over the fake ones

    It must be right at logits of +-1000, where D itself is rounded to 0 or 1.

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Generative models > Learn about VAEs and GANs.
    .. [2] Lecture "CIS 6930, week 7", Week 4 Generative Adversarial Networks > Generative
       Adversarial Network.
    .. [3] Lecture "95-865, week 6", Some other deep learning topics > Generate Fake Data that Look
       Real.
    .. [4] Goodfellow et al. 2014, "Generative adversarial nets".
    .. [5] torch documentation, `torch.nn.functional.binary_cross_entropy_with_logits`.

    Examples
    --------
    A logit of 0 is a guess, which costs log 2 on each side.

    >>> import numpy as np
    >>> round(float(discriminator_loss(np.array([0.0]), np.array([0.0]))), 6)
    1.386294
    >>> float(discriminator_loss(np.array([1000.0, -1000.0]), np.array([-1000.0])))
    500.0
    """
    raise NotImplementedError


def generator_loss(fake_logits: np.ndarray) -> float:
    """Score a generator by how real the discriminator finds its samples.

    Parameters
    ----------
    fake_logits : ndarray of float64, any shape
        The discriminator's outputs for generated samples, before the sigmoid; large means
        "real".

    Returns
    -------
    loss : float
        Non-saturating generator loss, 0 or more.

    Notes
    -----
    With D = sigmoid(logit), the probability of "real": loss = mean of -log(D). This is the
    non-saturating form, binary cross-entropy with the label "real"; it still has a gradient
    where the discriminator sees through every fake. It must be right at logits of +-1000.

    References
    ----------
    .. [1] Lecture "Social Data Science, week 5", Generative models > Learn about VAEs and GANs.
    .. [2] Lecture "CIS 6930, week 7", Week 4 Generative Adversarial Networks > Generative
       Adversarial Network.
    .. [3] Lecture "95-865, week 6", Some other deep learning topics > Generate Fake Data that Look
       Real.
    .. [4] Goodfellow et al. 2014, "Generative adversarial nets".
    .. [5] torch documentation, `torch.nn.functional.binary_cross_entropy_with_logits`.

    Examples
    --------
    >>> import numpy as np
    >>> round(float(generator_loss(np.array([0.0]))), 6)
    0.693147
    >>> float(generator_loss(np.array([-1000.0, 1000.0])))
    500.0
    """
    raise NotImplementedError
