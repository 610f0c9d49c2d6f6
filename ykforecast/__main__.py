"""``python -m ykforecast`` is the command ``ykforecast``."""

from __future__ import annotations

import sys

from ykforecast.cli import main

if __name__ == "__main__":
    sys.exit(main())
