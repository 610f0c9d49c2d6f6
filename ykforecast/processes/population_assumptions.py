"""What the rates of a place's population rest on: its publications, and assumed numbers out of the parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ykforecast.spec.population_sources import PopulationSources

if TYPE_CHECKING:
    from ykforecast.spec.model import ModelSpec


@dataclass(frozen=True, slots=True)
class PopulationAssumptions:
    """The censuses and what they leave open; hashable, so that rates are computed once for each set.

    Attributes
    ----------
    sources : PopulationSources
        Districts, province and publications.
    mortality_fade_from, mortality_fade_to : float
        Ages between which the correction for deaths not registered fades to nothing, years.
    mortality_rising_from : int
        Age from which a death rate may not fall with age, years.
    fertility_trend_cohorts : int
        Latest birth cohorts of the census that show the fertility trend.
    fertility_damping : float
        Share of the fertility trend that goes on each year; 0 keeps the level of 2020.
    migration_smoothness : float
        Weight of the squared second differences of the profile against the squared log residuals of cohorts.
    migration_stiff_from, migration_stiff_years : float
        Age from which that weight grows, and years in which it grows by the factor e.
    migration_calm_age : int
        Age from which net rates are pulled to zero, years.
    migration_corrected_below : int
        Cohorts below this age in 2010 have their coverage corrected, years.
    migration_flat_share : float
        Part of the uncertainty of net rates that is the same at all ages, fraction.
    """

    sources: PopulationSources
    mortality_fade_from: float
    mortality_fade_to: float
    mortality_rising_from: int
    fertility_trend_cohorts: int
    fertility_damping: float
    migration_smoothness: float
    migration_stiff_from: float
    migration_stiff_years: float
    migration_calm_age: int
    migration_corrected_below: int
    migration_flat_share: float

    @classmethod
    def of_model(cls, model: ModelSpec) -> PopulationAssumptions:
        """Assumptions of a model, from its population and its parameters of the same names."""
        parameters = model.parameters

        def whole(name: str) -> int:
            return round(parameters[name].median)

        return cls(
            sources=model.population,
            mortality_fade_from=parameters["mortality_fade_from"].median,
            mortality_fade_to=parameters["mortality_fade_to"].median,
            mortality_rising_from=whole("mortality_rising_from"),
            fertility_trend_cohorts=whole("fertility_trend_cohorts"),
            fertility_damping=parameters["fertility_damping"].median,
            migration_smoothness=parameters["migration_smoothness"].median,
            migration_stiff_from=parameters["migration_stiff_from"].median,
            migration_stiff_years=parameters["migration_stiff_years"].median,
            migration_calm_age=whole("migration_calm_age"),
            migration_corrected_below=whole("migration_corrected_below"),
            migration_flat_share=parameters["migration_flat_share"].median,
        )
