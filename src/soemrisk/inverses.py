"""Inverse incomplete beta and gamma functions to ten digits, and the Newton steps that mend what SciPy returns.

Apart from the families because PERT, Student's t and the shares of a Dirichlet rest on the same two functions.
SciPy's inverses lose digits for very unequal or very large shapes and give NaN for p near 1e-300; its direct
functions are right where each is asked on its own side of the mean. So the inverses are only starting points.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from soemrisk.family import FAR, Array, Truths

Tails = Callable[[Array], tuple[Array, Array, Array]]

LARGE_SHAPE = 1e5  # gamma shapes above are so near the normal that an expansion is exact; SciPy fails from 1e6
UNDERFLOW = -650.0  # natural logarithm of x below which the first term of the series has all digits


def settle(start: Array, below: Array, above: Array, tails: Tails) -> Array:
    """Move positive starting points to quantiles by Newton steps on the logarithm of the smaller tail.

    Parameters
    ----------
    start : (n,) float64
        Anything positive; near the solution one step is enough.
    below, above : (n,) float64
        Wanted probabilities of the two tails; the smaller one counts.
    tails : callable
        ``tails(x)`` gives the lower tail, the upper tail and d lower / d log x > 0. The density in log x must be
        log-concave: then so are both tails, and the steps converge from every start.

    Returns
    -------
    (n,) float64

    Notes
    -----
    A tail below 1e-200 is set there, and the quantile goes on along the tangent in (log p, log x).
    """
    x = start.copy()
    lower = below <= above
    exact = np.minimum(below, above)
    wanted = np.maximum(exact, FAR)
    floor, ceiling = np.full_like(x, -np.inf), np.full_like(x, np.inf)  # bracket of log x
    todo = np.arange(x.size)
    with np.errstate(all="ignore"):
        for _ in range(200):
            here = np.log(x[todo])
            step = np.clip(_log_step(tails(x[todo]), lower[todo], wanted[todo]), -20.0, 20.0)  # from afar, in stages
            floor[todo] = np.where(step > 0, np.maximum(floor[todo], here), floor[todo])
            ceiling[todo] = np.where(step < 0, np.minimum(ceiling[todo], here), ceiling[todo])
            outside = ~((here + step > floor[todo]) & (here + step < ceiling[todo])) & (np.abs(step) > 1e-8)
            halved = (floor[todo] + ceiling[todo]) / 2 - here
            step = np.where(outside & np.isfinite(halved), halved, step)
            x[todo] *= np.exp(step)
            todo = todo[np.abs(step) > 1e-8]  # the error after a step is about its square
            if todo.size == 0:
                break
        far = np.flatnonzero(exact < FAR)
        if far.size:
            x[far] *= np.exp(_log_step(tails(x[far]), lower[far], exact[far]))
    return x


def _log_step(tails: tuple[Array, Array, Array], lower: Truths, wanted: Array) -> Array:
    """Newton step in log x; infinite, with the right sign, where the tail is too small for a double."""
    below, above, slope = tails
    tail = np.where(lower, below, above)
    return np.where(lower, 1.0, -1.0) * np.where(tail > 0, np.log(wanted / tail) * (tail / slope), np.inf)


# Beta -----------------------------------------------------------------------------------------------------------


def beta_tails(a: float, b: float, x: Array, y: Array) -> tuple[Array, Array]:
    """Lower and upper tail of Beta(a, b) at x = 1 − y, each with its own digits.

    Notes
    -----
    The regularised incomplete beta function (DLMF 8.17), asked for the tail on this side of the mean: SciPy's
    function loses up to five digits of the other one. Where x or y is small it has to be the argument, since the other
    one is rounded; for the far tail that needs SciPy's complement, which is ten times slower.
    """
    from scipy.special import betainc, betaincc

    before = x < a / (a + b)
    part = np.empty_like(x)
    for side, first, second, here, there in ((before, a, b, x, y), (~before, b, a, y, x)):
        tiny = side & (there < 1e-3)
        plain = side & ~tiny
        part[plain] = betainc(first, second, here[plain])
        part[tiny] = betaincc(second, first, there[tiny])
    return np.where(before, part, 1.0 - part), np.where(before, 1.0 - part, part)


def beta_inverse(a: float, b: float, p: Array) -> tuple[Array, Array]:
    """Quantile x of Beta(a, b) and its complement y = 1 − x, both with all digits.

    Parameters
    ----------
    a, b : float
        0.001 to 1e9.
    p : float64, any shape
        Inside (0, 1).

    Returns
    -------
    x, y : float64, shape of p
    """
    from scipy.special import betainc

    below = np.ravel(p)
    above = 1.0 - below
    left = below <= betainc(a, b, 0.5)  # the smaller of x and y is sought; the other follows without loss
    odds = np.empty_like(below)
    odds[left] = _beta_odds(a, b, below[left], above[left])
    odds[~left] = _beta_odds(b, a, above[~left], below[~left])
    small, large = odds / (1.0 + odds), 1.0 / (1.0 + odds)
    x, y = np.where(left, small, large), np.where(left, large, small)
    return x.reshape(np.shape(p)), y.reshape(np.shape(p))


def _beta_odds(a: float, b: float, below: Array, above: Array) -> Array:
    """Odds x/(1 − x) of quantiles x up to about ½."""
    from scipy.special import betaln

    log_beta = float(betaln(a, b))
    with np.errstate(all="ignore"):
        series = (np.log(below) + np.log(a) + log_beta) / a  # F ≈ x^a / (a B(a, b)), DLMF 8.17.7
        odds: Array = np.exp(series)
        near = _near_normal(a, b, below, above) if min(a, b) >= 1e3 else _near_scipy(a, b, below, above)
        start = np.where((near > 0) & np.isfinite(near), near, np.minimum(odds, a / b))

    def tails(r: Array) -> tuple[Array, Array, Array]:
        x, y = r / (1.0 + r), 1.0 / (1.0 + r)
        return *beta_tails(a, b, x, y), np.exp(a * np.log(x) + b * np.log(y) - log_beta)

    todo = series > UNDERFLOW
    odds[todo] = settle(start[todo], below[todo], above[todo], tails)
    return odds


def _near_scipy(a: float, b: float, below: Array, above: Array) -> Array:
    """Odds by SciPy, mostly right to all digits; NaN, 0 or infinite in places."""
    from scipy.special import betainccinv, betaincinv

    x: Array = betaincinv(a, b, np.maximum(below, FAR))
    high = above < 1e-3
    x[high] = betainccinv(a, b, np.maximum(above[high], FAR))
    odds: Array = x / (1.0 - x)
    return odds


def _near_normal(a: float, b: float, below: Array, above: Array) -> Array:
    """Odds for large shapes: Cornish and Fisher's expansion of ln odds, whose cumulants are polygamma functions."""
    from scipy.special import ndtri, polygamma

    mean, square, cube, fourth = (float(polygamma(k, a) - (-1) ** k * polygamma(k, b)) for k in range(4))
    sd = math.sqrt(square)
    skew, excess = cube / sd**3, fourth / sd**4
    z = np.where(below <= above, ndtri(below), -ndtri(above))
    bend = skew * (z**2 - 1) / 6 + excess * (z**3 - 3 * z) / 24 - skew**2 * (2 * z**3 - 5 * z) / 36
    odds: Array = np.exp(mean + sd * (z + bend))
    return odds


# Gamma ----------------------------------------------------------------------------------------------------------


def gamma_tails(shape: float, x: Array) -> tuple[Array, Array]:
    """Lower and upper tail of the gamma distribution with scale 1, each with its own digits (DLMF 8.2)."""
    from scipy.special import gammainc, gammaincc, ndtr

    if shape <= LARGE_SHAPE:
        before = x < shape
        part = np.empty_like(x)
        part[before], part[~before] = gammainc(shape, x[before]), gammaincc(shape, x[~before])
        return np.where(before, part, 1.0 - part), np.where(before, 1.0 - part, part)
    root = math.sqrt(shape)
    z = np.clip((x - shape) / root, -40.0, 40.0)  # beyond, both tails are 0 and 1 in doubles
    for _ in range(6):  # x(z) is a straight line but for terms of the size 1/√shape
        z -= (_cornish_fisher(shape, z) - (x - shape)) / (root + 2 * z / 3 + (3 * z**2 - 7) / (36 * root))
    return ndtr(z), ndtr(-z)


def gamma_inverse(shape: float, p: Array) -> Array:
    """Quantile of the gamma distribution with scale 1.

    Parameters
    ----------
    shape : float
        0.001 to 1e9.
    p : float64, any shape
        Inside (0, 1).

    Returns
    -------
    float64, shape of p
    """
    from scipy.special import gammainccinv, gammaincinv, gammaln, ndtri

    if shape > LARGE_SHAPE:
        return shape + _cornish_fisher(shape, ndtri(p))
    below = np.ravel(p)
    above = 1.0 - below
    x = gammaincinv(shape, np.maximum(below, FAR))
    x[above < 1e-3] = gammainccinv(shape, above[above < 1e-3])
    with np.errstate(all="ignore"):
        series = (np.log(below) + gammaln(shape + 1.0)) / shape  # F ≈ x^shape / Γ(shape + 1), DLMF 8.7.1
        found: Array = np.exp(series)
        start = np.where((x > 0) & np.isfinite(x), x, found)

    def tails(x: Array) -> tuple[Array, Array, Array]:
        return *gamma_tails(shape, x), np.exp(shape * np.log(x) - x - gammaln(shape))

    todo = series > UNDERFLOW
    found[todo] = settle(start[todo], below[todo], above[todo], tails)
    shaped: Array = found.reshape(np.shape(p))
    return shaped


def _cornish_fisher(shape: float, z: Array) -> Array:
    """Distance from the mean at the normal point z, in the way of Fisher and Cornish 1960, Technometrics 2:209.

    Of the gamma distribution with scale 1, whose cumulants are (r − 1)! × shape. The first term left out is below
    1e-16 of x for shapes above 1e5 and p from 2^-64.
    """
    root = math.sqrt(shape)
    terms = (
        z * root,
        (z**2 - 1) / 3,
        (z**3 - 7 * z) / (36 * root),
        -(3 * z**4 + 7 * z**2 - 16) / (810 * shape),
        (9 * z**5 + 256 * z**3 - 433 * z) / (38880 * root**3),
    )
    return terms[0] + terms[1] + terms[2] + terms[3] + terms[4]
