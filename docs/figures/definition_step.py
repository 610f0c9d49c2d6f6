"""Prints the table of docs/method/assimilation.md: where a jump goes, by how a definition step is written.

One figure, observed less expected = y; behaviour is normal with standard deviation 3 %, error 0.5 %.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from ykforecast.infer.error_model import ErrorModel, FigureError
from ykforecast.infer.esmda import esmda
from ykforecast.infer.tempered import tempered
from ykforecast.simulate.sampling import noise

BEHAVIOUR, ERROR, DRAWS = 0.03, 0.005, 4000
FREEDOM, SCALE = 3, 0.01
CHANCE, STEP = 0.05, 0.25
PLAIN = ErrorModel([FigureError("series", 2022, ERROR)])
MIXED = ErrorModel([FigureError("series", 2022, ERROR, step_probability=CHANCE, step_sd=STEP)])


def student(z):
    return SCALE * stats.t.ppf(stats.norm.cdf(np.clip(z, -8, 8)), FREEDOM)


def exact(y, density):
    """Posterior mean of behaviour by a sum over a grid; ``density`` of everything that is not behaviour."""
    grid = np.linspace(-6, 6, 2001) * BEHAVIOUR
    weight = stats.norm.pdf(grid, scale=BEHAVIOUR) * density(y - grid)
    return (weight * grid).sum() / weight.sum()


def student_density(rest):
    step = np.linspace(-1.5, 1.5, 6001)
    prior = stats.t.pdf(step / SCALE, FREEDOM) / SCALE
    return np.array([(stats.norm.pdf(r - step, scale=ERROR) * prior).sum() for r in rest]) * (step[1] - step[0])


def mixed_density(rest):
    wide = np.hypot(ERROR, STEP)
    return (1 - CHANCE) * stats.norm.pdf(rest, scale=ERROR) + CHANCE * stats.norm.pdf(rest, scale=wide)


def main():
    latent = noise(1, 0, DRAWS, "definition-step", 2)
    print("| $y$ | t exact | t, 4 | t, 64 | mixture exact | esmda | tempered |\n|---|---|---|---|---|---|---|")
    for y in (0.02, 0.06, 1 / 7, 0.427):
        observed = np.array([y])
        heavy = [
            esmda(
                latent, lambda z: BEHAVIOUR * z[:, :1] + student(z[:, 1:]), observed, PLAIN, steps=steps, seed=1
            ).latent[:, 0]
            for steps in (4, 64)
        ]
        mixed = [
            condition(latent, lambda z: BEHAVIOUR * z[:, :1], observed, MIXED, seed=1).latent[:, 0]
            for condition in (esmda, tempered)
        ]
        means = [BEHAVIOUR * z.mean() for z in (*heavy, *mixed)]
        row = [y, exact(y, student_density), *means[:2], exact(y, mixed_density), *means[2:]]
        print("| " + " | ".join(f"{value:.3f}" for value in row) + " |")


if __name__ == "__main__":
    main()
