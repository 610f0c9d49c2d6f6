"""What interim figures taught, kept beside a forecast: a report needs the draws, not the runs that found them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ykforecast.infer.coordinates import Coordinates
from ykforecast.infer.measurement import error_model
from ykforecast.infer.posterior import Posterior
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.infer.forward import ForwardModel
    from ykforecast.simulate.calibrated import Calibration
    from ykforecast.spec.model import ModelSpec

#: Group of a forecast's file that holds it.
GROUP: Final = "posterior"


def keep(calibration: Calibration) -> xr.Dataset | None:
    """The conditioned draws of a calibration; None where no figure moved any.

    Returns
    -------
    Dataset or None
        ``latent`` (draw, coordinate), standard normal before the figures, and ``step`` (draw, figure), the
        definition step in each figure that was used, base units; method, seed and digest of the model as attributes.
    """
    import xarray as xr

    evidence, model = calibration.evidence, calibration.model
    if evidence is None or evidence.latent is None:
        return None
    streams = dict(sorted(evidence.latent.streams.items()))
    latent = np.concatenate(list(streams.values()), axis=1)
    names = Coordinates.of({name: part.shape[1] for name, part in streams.items()}).names
    told = {"long_name": "random numbers behind each draw", "label_zh": "各次抽样的随机数", "units": "1"}
    stepped = {"long_name": "definition step in each figure", "label_zh": "各公布数所含的口径变动"}
    return xr.Dataset(
        {
            "latent": (("draw", "coordinate"), latent, told),
            "step": (("draw", "figure"), evidence.figure_steps, stepped | {"units": "base units of the figure"}),
        },
        coords={
            "coordinate": list(names),
            "figure": list(error_model(evidence.observations, model.observations, model.base_year).names),
        },
        attrs={"method": str(evidence.method), "seed": evidence.latent.seed, "model": model.digest},
    )


def kept_posterior(
    kept: xr.Dataset, model: ModelSpec, ensemble: ForwardModel, draws: int, seed: int, method: str
) -> Posterior:
    """The posterior that :func:`keep` has kept, for the ensemble that would be conditioned now.

    Raises
    ------
    RequestError
        It is of another model, seed, method, number of draws or set of figures.
    """
    asked = {
        "model": model.digest,
        "seed": seed,
        "method": method,
        "draws": draws,
        "coordinates": list(ensemble.coordinates.names),
        "figures": list(ensemble.error.names),
    }
    found = {
        **{key: kept.attrs.get(key) for key in ("model", "seed", "method")},
        "draws": kept.sizes["draw"],
        "coordinates": kept["coordinate"].values.tolist(),
        "figures": kept["figure"].values.tolist(),
    }
    for key, value in asked.items():
        if found[key] != value:
            raise RequestError(
                "the kept posterior is of another request",
                key=key,
                value=str(found[key])[:80],
                remedy="Leave it out, and the figures are taken up anew.",
            )
    latent, steps = kept["latent"].values, kept["step"].values
    return Posterior(latent, np.empty((draws, 0)), steps)
