"""NumPy, with the BLAS it was built with."""

import numpy as np
from contestant import serve


class Contestant:
    def __init__(self, run):
        self.engine = f"NumPy {np.__version__}"
        self.run = run

    def check(self):
        return {"y": self.run()}


def prepare(job, arrays):
    task = job["task"]
    if task["kind"] == "add":
        a, b = arrays["a"], arrays["b"]
        return Contestant(lambda: a + b)
    if task["kind"] == "matmul":
        a = arrays["a"].T if task["transposeA"] else arrays["a"]
        b = arrays["b"].T if task["transposeB"] else arrays["b"]
        return Contestant(lambda: np.matmul(a, b))
    raise ValueError("NumPy has no convolutions, gradients or networks")


serve(prepare)
