import type { DeviceChoice, LoadClassifierOptions } from "@featuremap/inference";
import { ClassifierPage } from "./classifier-page.ts";

const parameters = new URLSearchParams(location.search);

const page = new ClassifierPage();
const asked = parameters.get("model");
page.open(asked ?? "./model/model.json", readDevice(parameters.get("device")), {
  optional: asked === null,
  outputs: readOutputs(parameters.get("outputs")),
});

function readDevice(name: string | null): DeviceChoice {
  return name === "webgpu" || name === "wasm" || name === "cpu" ? name : "auto";
}

function readOutputs(name: string | null): LoadClassifierOptions["outputs"] {
  return name === "probabilities" || name === "logits" || name === "binaryLogits" ? name : undefined;
}
