#!/usr/bin/env python3
"""Runs a command and says, on a last line of its own, how much memory it held at most, in MiB, and
how long it took, in seconds."""

import resource
import subprocess
import sys
import time

started = time.monotonic()
code = subprocess.run(sys.argv[1:], check=False).returncode
seconds = time.monotonic() - started
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(f"{peak:.0f} {seconds:.1f}")
sys.exit(code)
