"""What both Python workers share: the networks' description, the prepared data, and the answers to ../peer-process.mjs."""

import itertools
import json
import math
import pathlib
import sys
import time
import traceback

CACHE = pathlib.Path(sys.argv[1])
THREADS = int(sys.argv[2])
DATA = CACHE / "data"
REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
NETWORKS = json.loads((REPOSITORY / "apps/trainer/src/networks/networks.json").read_text())

# Seconds of work before a work is first measured.
WARM_UP = 0.5


def weight_shapes(network):
    """Shapes in Keras's order: each layer's kernel, then its bias."""
    height, width, channels = network["input"]
    shapes = []
    for layer in network["layers"]:
        if layer["kind"] == "convolution":
            shapes += [[3, 3, channels, layer["filters"]], [layer["filters"]]]
            height, width, channels = height - 2, width - 2, layer["filters"]
        elif layer["kind"] == "pooling":
            height, width = height // 2, width // 2
        elif layer["kind"] == "flatten":
            height, width, channels = 1, 1, height * width * channels
        else:
            shapes += [[channels, layer["units"]], [layer["units"]]]
            channels = layer["units"]
    return shapes


def read(name):
    """The bytes of a prepared file, writable."""
    return bytearray((DATA / name).read_bytes())


def endlessly(items):
    return itertools.cycle(items)


class MeasuredModel:
    """A work: `repeat(times)` gives the mean loss of so many batches, or the probabilities of the last prediction."""

    def __init__(self, kind, batch_size, parameters, repeat):
        self.kind, self.batch_size, self.parameters, self.repeat = kind, batch_size, parameters, repeat
        self.rate = 0

    def prepare(self):
        """Shows that the work is the right one, and warms up."""
        check = {"parameters": self.parameters}
        if self.kind == "train":
            check["firstLoss"] = self.repeat(1)
            self.repeat(53)
            check["lastLoss"] = self.repeat(10)
        else:
            check["probabilities"] = [float(value) for value in self.repeat(1)]
        times, seconds = 1, 0
        while seconds < WARM_UP:
            seconds = self.timed(times)
            self.rate = times / seconds
            times *= 2
        return check

    def measure(self, seconds):
        times = max(1, round(self.rate * seconds))
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
                model = MeasuredModel(kind, batch_size, *build(request["network"], kind, batch_size))
                models[request["prepare"]] = model
                answer(model.prepare())
            else:
                answer(models[request["measure"]].measure(request["seconds"]))
        except Exception as error:
            traceback.print_exc()
            answer({"error": f"{type(error).__name__}: {error}"})
