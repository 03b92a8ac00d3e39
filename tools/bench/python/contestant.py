"""The contestant's side of the protocol in Python; src/process/serve.ts is its JavaScript counterpart."""

import json
import os
import resource
import statistics
import sys
import time

import numpy as np

SHORTEST = 200e-6  # a measurement is not shorter than this; shorter runs are made in groups


def read_arrays(path):
    """The arrays of a safetensors file, by name."""
    with open(path, "rb") as file:
        content = file.read()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    dtypes = {"F32": np.float32, "I32": np.int32}
    arrays = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        values = np.frombuffer(content[8 + length + begin : 8 + length + end], dtypes[entry["dtype"]])
        arrays[name] = values.reshape(entry["shape"]).copy()
    return arrays


def serve(prepare):
    """Prepares the job named on the command line, then answers commands until the input ends.

    `prepare(job, arrays)` returns an object with `engine`, `check()` and `run()`, as in serve.ts.
    """
    replies = os.fdopen(3, "w", buffering=1)

    def reply(message):
        replies.write(json.dumps(message) + "\n")
        replies.flush()

    try:
        with open(sys.argv[1]) as file:
            job = json.load(file)
        contestant = prepare(job, read_arrays(job["arrays"]))
        reply({"engine": contestant.engine})
        for line in sys.stdin:
            reply(answer(json.loads(line), job, contestant))
    except Exception as error:  # whatever a library throws is the reason to report
        reply({"failed": str(error) or type(error).__name__})
        sys.exit(1)


def answer(command, job, contestant):
    if command["command"] == "check":
        return {"outputs": {name: sampled(values, job["samples"].get(name)) for name, values in contestant.check().items()}}
    if command["command"] == "run":
        return run_for(command["seconds"], contestant.run)
    return {"peakBytes": largest_resident_set()}


def largest_resident_set():
    """In bytes. On Linux getrusage may give the parent process's figure, so /proc is read first."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def sampled(values, indices):
    flat = np.asarray(values, dtype=np.float64).reshape(-1)
    return (flat if indices is None else flat[indices]).tolist()


def run_for(seconds, run):
    processor = time.process_time()
    begin = time.perf_counter()
    times = []
    group = 1
    runs = 0
    while not times or time.perf_counter() - begin < seconds:
        start = time.perf_counter()
        for _ in range(group):
            run()
        elapsed = time.perf_counter() - start
        runs += group
        if elapsed < SHORTEST and group < 1e6:
            group *= 2
        else:
            times.append(elapsed / group)
    return {
        "median": statistics.median(times),
        "least": min(times),
        "runs": runs,
        "processorSeconds": time.process_time() - processor,
    }
