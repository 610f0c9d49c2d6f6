"""Age bands by which policy moves the odds of labour flows: youth, young adults, prime age, older, past 60."""

from __future__ import annotations

from typing import Final

import numpy as np

from ykforecast.vocabulary.dims import AGES

#: First ages of the bands.
BAND_STARTS: Final = (16, 25, 30, 50, 60)
BANDS: Final = len(BAND_STARTS)
#: Band of each single age; children count with the first and have no flows.
AGE_BAND: Final = np.clip(np.searchsorted(BAND_STARTS, AGES, side="right") - 1, 0, None)
