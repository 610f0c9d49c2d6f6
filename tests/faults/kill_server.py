"""Runs a batch in a child that can be killed, again and again, without starting Python each time.

``python kill_server.py FILE OUT``: once calibrated it prints ``ready``; for each line on standard input it forks a
child that resumes the batch, and prints its number.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.batches import Here
from ykforecast.batch import run
from ykforecast.batch.plan import plan_batch
from ykforecast.batch.work import _WORKER, Source


def main(file: str, out: str) -> None:
    run.Processes = Here
    plan = plan_batch(run.read_batch(Path(file)))
    _WORKER.calibration(Source(plan.place, plan.made_of_digest))
    print("ready", flush=True)
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            run.run_plan(plan, Path(out), resume=True)
            os._exit(0)
        print(child, flush=True)
        os.waitpid(child, 0)
        print("ended", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
