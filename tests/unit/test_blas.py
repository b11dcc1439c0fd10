"""Matrix products on one thread."""

import subprocess
import sys

SCRIPT = """
from threadpoolctl import threadpool_info
from soemrisk.blas import one_thread

def threads():
    return [one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"]

with one_thread():
    assert set(threads()) == {1}, threads()
before = len(threads())
import scipy.linalg
with one_thread():
    assert len(threads()) >= before, threads()
    assert set(threads()) == {1}, threads()
"""


def test_a_library_that_is_loaded_later_is_on_one_thread_too():
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
