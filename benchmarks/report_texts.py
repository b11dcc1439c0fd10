"""What RESULTS.md says about how its figures were made."""

from __future__ import annotations

from contender import FIRST
from exact_contenders import LEVELS
from information_contenders import BINS, DEGREE
from sobol_contenders import RESAMPLES

HEAD = """# soemrisk side by side with its rivals: accuracy, speed, memory

Written by `python benchmarks/report.py` from `raw.jsonl`, which `python benchmarks/run.py` has measured.
{machine}. Python and packages: {versions}
Rounds: up to {rounds}. Figures are median (smallest–largest) over the rounds, ratios are taken within a round. Load
average of the machine (one minute) during the measurements: {load}, of which the measured process is 1. What is above
is other work, from which "seconds" suffer, and seconds of processor less.

Every measurement is a process of its own, with one thread but for those named `…-2-threads`; contenders take turns.
Imports, reading the file and a small run go before the clock; interpreter and libraries are in the memory. All rivals
get the same vectorised numpy model (`numpy_model.py`, `expected_net.py`). "Inputs precomputed" is the same work
without the time in which the values of the inputs are made, as if the user had them already: a second line for those
that take quantile functions or samplers from elsewhere.
"""
ACCURACY = """How far from the exact values a contender is when one thread has worked for one second of processor: root
mean square over seeds, between the sizes measured. Mean and sd (standard deviation) of the net result of all actors are
in shares of the exact standard deviation; S1 and ST are of the total, over all inputs; value of information is in kr.,
over all inputs and actors. "≤" is the largest size measured, which took less than a second. Exact values are those of
`sr.exact`, and for the value of information integrals by SciPy, so the line `integral` is 0 by definition. `sr.exact`
itself gives mean, standard deviation, S1 and ST without any error (the red dotted line in the plots).
"""
DRAWN = f"""- **soemrisk**: all that `run --json` does: Sobol' points in 16 replicates, the stated band and the fully
  correlated one, every figure by actor, area and year with its error, in memory that does not grow.
- **c**: the same in hand-written C without a library (`limit.c`), for scenarios of the generated kind alone: what could
  be reached. A process from its start to its end, its scenario compiled to plain arrays before; compiling the program
  is not counted.
- **numpy**: the model in chunks of 8,192, plain Monte Carlo with numpy's own samplers, the stated band alone; mean,
  standard deviation, seven quantiles and the share above 0 of the same results, without errors. **few-outputs**: some
  twenty results in place of over a hundred.
- **scipy**: the same with scrambled Sobol' points through the quantile functions of scipy.stats.
- **openturns**, **chaospy**: the same with their distributions and random samples, few outputs.
- **monaco**: as it is made to be used, the model called case by case; the net result by actor alone.

SALib and `scipy.stats.sobol_indices` do not simulate a distribution; they are under "Sobol' indices". "Time" is over
soemrisk's in the same round, for each draw: above 1 soemrisk is faster. "First result" is from the start of the
process, with imports, to the result of {FIRST["draws"]:,} draws.
"""
INTERVALS = f"""S1 and ST with 95 % intervals of the net result of the total, compared with the closed form.

- **soemrisk**: `sr.sobol`, all actors; intervals from 16 independent scramblings. What does not depend on the draws is
  kept from the call before, as the rivals have their model before the clock; a script has the first call in it.
- **salib**: sample (scrambled Sobol' points), model, analyse; {RESAMPLES} resamples.
- **scipy**: `sobol_indices`, without intervals; **scipy-bootstrap** with its bootstrap (BCa), {RESAMPLES} resamples.
- **openturns-…**: its own distributions, low-discrepancy points, its bootstrap of 100. Its Saltelli estimator has
  another formula for ST, and Jansen's another for S1, than the others.
- **chaospy-polynomial**: a polynomial of degree 2 fitted to as many draws, at least two for each term, and the indices
  of its coefficients; no intervals. chaospy's estimators from samples take no function, and that of ST gives S1
  (jonathf/chaospy#182).

monaco has no Sobol' indices. "Intervals hold" the exact value should be 95 %. All inputs of a run share its points,
so this share has a wide error.
"""
INFORMED = f"""Value of knowing each input alone, for each actor's decision ("yes" or "no" to the intervention), in kr.
No rival package has it; these are the methods of the field in numpy.

- **soemrisk**: `sr.evppi`, one-dimensional integrals; the draws are for the EVPI alone.
- **integral**: `scipy.integrate.quad` over the quantile function, by one who knows that E[net | x] is a line in x
  here.
- **nested**: for each input √draws values of it, and √draws of all others for each of these, by numpy's own samplers.
- **binned**: one plain sample; means in {BINS} bins of the input with equally many draws.
- **polynomial**: one plain sample; a polynomial of degree {DEGREE} in the input by least squares.

A mean error above 0 is the bias of estimated conditional means: their noise looks like something worth to know.
"""
EXACTLY = f"""S1, ST, Shapley effects and the variance of the net result, of every area and of every year, for every
actor, by `sr.exact`, and its stages: `closed_form.parts` has all of these, `second_order` S2 of all pairs,
`expected_chance` what chance adds to the variance. Apart from it
`quantile_tables.build`: the tables of the quantile functions of all inputs, made once in a process.

`S1, EVPPI, curves` has S1, ST, EVPPI and E[net | x] at {LEVELS} levels, of every input for every actor. They could be
estimated from bins of a run, the draws of each input in order. Integrals take their place: of independent inputs they
have no noise, and none of the bias by which noise in conditional means looks like something worth to know (`binned`
above). In the cases named `…-pairs-2` four changes are correlated two by two: each pair is one vector, whose S1 and
EVPPI are sampled, and everything else is integrated for each of the 16 replicates.
"""
PROCESSES = """Commands and scripts as a user starts them, to their end, interpreter and imports included, with all
their children. `first` has an empty cache of compiled code. The scripts read the scenario and calculate S1 and ST
with their intervals once.
"""
GROWN = """Exponent of the seconds of processor of soemrisk in what grows, by least squares on logarithmic scales, ± its
standard error (from–to). 1 is linear; below 1, what is done once in every run is not yet small beside what
grows.
"""
