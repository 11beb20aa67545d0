"""One figure and its baseline, printed as one JSON line."""

import json
import sys
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    name: str
    value: float
    unit: str
    baseline: str
    baseline_value: float

    def line(self) -> str:
        """Absolute numbers are noise on a shared machine; the ratio is what counts."""
        rounded = {**asdict(self), "ratio": self.value / self.baseline_value}
        return json.dumps(
            {key: round(v, 4) if isinstance(v, float) else v for key, v in rounded.items()}
        )


def show(figure: Figure) -> None:
    print(figure.line())
    sys.stdout.flush()
