import type { LoadClassifierOptions } from "@featuremap/inference";
import { ClassifierPage } from "./classifier-page.ts";
import { toDeviceChoice } from "./model/device-choice.ts";

const parameters = new URLSearchParams(location.search);

const page = new ClassifierPage();
const asked = parameters.get("model");
page.open(asked ?? "./model/model.json", toDeviceChoice(parameters.get("device")), {
  optional: asked === null,
  outputs: readOutputs(parameters.get("outputs")),
});

function readOutputs(name: string | null): LoadClassifierOptions["outputs"] {
  return name === "probabilities" || name === "logits" || name === "binaryLogits" ? name : undefined;
}
