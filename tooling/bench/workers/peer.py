"""What the Python workers share: the networks' description, the prepared data, and the answers to ../peers/peer-process.mjs."""

import itertools
import json
import math
import pathlib
import sys
import time
import traceback

import numpy as np

CACHE = pathlib.Path(sys.argv[1])
THREADS = int(sys.argv[2])
DATA = CACHE / "data"
NETWORKS = json.loads((DATA / "networks.json").read_text())

# Seconds of work before a work is first measured.
WARM_UP = 0.5
# Steps or predictions of one measurement, as in protocol.mjs.
FEWEST = 5


def read(name):
    """The bytes of a prepared file, writable."""
    return bytearray((DATA / name).read_bytes())


def read_weights(name):
    """A network's first weights: for each node its arrays, in Keras's order and layout."""
    values = np.frombuffer(read(f"{name}-weights.f32"), np.float32)
    weights, position = {}, 0
    for node in NETWORKS[name]["nodes"]:
        weights[node["name"]] = []
        for shape in node["weights"]:
            size = math.prod(shape)
            weights[node["name"]].append(values[position : position + size].reshape(shape))
            position += size
    return weights


def read_images(name):
    """A network's training images, N, H, W, C."""
    network = NETWORKS[name]
    return np.frombuffer(read(f"{network['images']}-images.f32"), np.float32).reshape(-1, *network["input"])


def read_labels(name):
    return np.frombuffer(read(f"{NETWORKS[name]['images']}-labels.i32"), np.int32)


def endlessly(items):
    return itertools.cycle(items)


class MeasuredModel:
    """A work: `repeat(times)` gives the mean loss of so many batches, or the last prediction's outputs."""

    def __init__(self, kind, batch_size, parameters, repeat):
        self.kind, self.batch_size, self.parameters, self.repeat = kind, batch_size, parameters, repeat
        self.rate = 0

    def prepare(self, check_steps):
        """Shows that the work is the right one, and warms up."""
        check = {"parameters": self.parameters}
        if self.kind == "train":
            check["firstLoss"] = self.repeat(1)
            # The last quarter, at least four batches, tells whether it learns.
            last = max(4, check_steps // 4)
            self.repeat(check_steps - 1 - last)
            check["lastLoss"] = self.repeat(last)
        else:
            check["outputs"] = [float(value) for value in self.repeat(1)]
        times, seconds = 1, 0
        while seconds < WARM_UP:
            seconds = self.timed(times)
            self.rate = times / seconds
            times *= 2
        return check

    def measure(self, seconds):
        # Another program has had the caches since the last time.
        self.timed(1)
        times = max(FEWEST, round(self.rate * seconds))
        taken = self.timed(times)
        self.rate = times / taken
        return {"images": times * self.batch_size, "seconds": taken}

    def timed(self, times):
        began = time.perf_counter()
        outcome = self.repeat(times)
        seconds = time.perf_counter() - began
        if not math.isfinite(outcome if self.kind == "train" else outcome[0]):
            raise ValueError("the result is not finite")
        return seconds


def answer(message):
    # Libraries print to standard output too.
    print("bench: " + json.dumps(message), flush=True)


def serve(versions, build):
    """Answers requests, one line of JSON each; `build(network_name, kind, batch_size)` makes (parameters, repeat)."""
    models = {}
    answer({"versions": versions, "threads": THREADS})
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if "prepare" in request:
                kind, batch_size = request["kind"], request["batchSize"]
                # One work at a time: what the last one held is free for this one.
                models.clear()
                model = MeasuredModel(kind, batch_size, *build(request["network"], kind, batch_size))
                models[request["prepare"]] = model
                answer(model.prepare(request["checkSteps"]))
            else:
                answer(models[request["measure"]].measure(request["seconds"]))
        except Exception as error:
            traceback.print_exc()
            answer({"error": f"{type(error).__name__}: {error}"})
