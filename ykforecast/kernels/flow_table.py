"""Monthly flows between labour states: the one table that kernel, twin and packing share.

Origins and destinations are labour states in the order of
``ykforecast.vocabulary.dims.LABOUR_STATES``; each flow belongs to a class, and flows
of one class share their level and their response to the business cycle in a draw.
"""

from __future__ import annotations

from typing import Final

#: Short names of the labour states, in the order of ``vocabulary.dims.LABOUR_STATES``.
STATES: Final = ("student", "inactive", "unemployed", "enterprise", "public", "flexible", "farm", "retired")
EMPLOYED: Final = ("enterprise", "public", "flexible", "farm")

#: Flow classes, in the order of the parameters ``theta``, ``beta`` and ``pulse``.
CLASSES: Final = (
    "school",
    "enter",
    "farm_entry",
    "find",
    "separate",
    "switch",
    "exit",
    "public",
    "public_leave",
    "transfer",
    "reemploy",
    "withdraw",
    "early_retire",
)

#: (origin, destination, class), in the order of every axis of flows.
FLOWS: Final = (
    ("student", "inactive", "school"),
    ("student", "unemployed", "school"),
    ("student", "enterprise", "school"),
    ("student", "flexible", "school"),
    ("inactive", "unemployed", "enter"),
    ("inactive", "flexible", "enter"),
    ("inactive", "farm", "farm_entry"),
    ("unemployed", "enterprise", "find"),
    ("unemployed", "flexible", "find"),
    ("unemployed", "inactive", "exit"),
    ("enterprise", "unemployed", "separate"),
    ("enterprise", "flexible", "switch"),
    ("enterprise", "inactive", "exit"),
    ("student", "public", "public"),
    ("enterprise", "public", "public"),
    ("public", "enterprise", "public_leave"),
    ("flexible", "unemployed", "separate"),
    ("flexible", "enterprise", "switch"),
    ("flexible", "inactive", "exit"),
    ("farm", "enterprise", "transfer"),
    ("farm", "flexible", "transfer"),
    ("farm", "inactive", "exit"),
    ("retired", "flexible", "reemploy"),
    ("flexible", "retired", "withdraw"),
    ("enterprise", "retired", "early_retire"),
)
ORIGIN: Final = tuple(STATES.index(origin) for origin, _, _ in FLOWS)
DESTINATION: Final = tuple(STATES.index(destination) for _, destination, _ in FLOWS)
CLASS: Final = tuple(CLASSES.index(name) for _, _, name in FLOWS)

#: Into enterprises, public posts and flexible work from school, inactivity, unemployment and farms.
HIRES: Final = tuple(
    k
    for k, (origin, destination, _) in enumerate(FLOWS)
    if destination in ("enterprise", "public", "flexible") and origin in ("student", "inactive", "unemployed", "farm")
)
FINDS: Final = tuple(k for k, (_, _, name) in enumerate(FLOWS) if name == "find")
SEPARATIONS: Final = tuple(k for k, (_, _, name) in enumerate(FLOWS) if name == "separate")

#: Origins of statutory retirement, in the order of the last rows of the ledger.
RETIRING: Final = ("unemployed", "enterprise", "public", "flexible", "inactive")
#: Rows of the ledger: every flow, then statutory retirement by origin.
LEDGER: Final = tuple(f"{origin}>{destination} {name}" for origin, destination, name in FLOWS) + tuple(
    f"{origin}>retired statutory" for origin in RETIRING
)

#: Workers whom the employees' pension can cover, each with a coverable share ``kappa``.
COVERABLE: Final = ("enterprise", "flexible", "farm")
