"""Parts of life as the month loops know them: which flows may differ from zero, and what follows from that."""

from __future__ import annotations

from dataclasses import dataclass

from ykforecast.kernels import flow_table


@dataclass(frozen=True)
class Part:
    """Part of life: the flows that may differ from zero in it, and whether statutory retirement does."""

    flows: tuple[int, ...]
    window: bool = False
    ledger: bool = False

    def origins(self) -> tuple[str, ...]:
        """States that anybody leaves by a flow."""
        return tuple(name for name in flow_table.STATES if self.classes(name))

    def classes(self, origin: str) -> list[str]:
        """Classes of the flows out of a state."""
        flows = (flow_table.FLOWS[k] for k in self.flows)
        return list(dict.fromkeys(name for o, _, name in flows if o == origin))

    def multipliers(self) -> list[tuple[int, str]]:
        """Number and name of each class of flows."""
        names = {flow_table.FLOWS[k][2] for k in self.flows}
        return [(c, name) for c, name in enumerate(flow_table.CLASSES) if name in names]

    def states(self) -> list[str]:
        """States whose stock changes, or is counted as work."""
        touched = {name for k in self.flows for name in flow_table.FLOWS[k][:2]} | set(flow_table.EMPLOYED)
        touched |= {*flow_table.RETIRING, "retired"} if self.window else set()
        return [name for name in flow_table.STATES if name in touched]
