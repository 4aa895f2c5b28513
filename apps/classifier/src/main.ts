import type { LoadClassifierOptions } from "@featuremap/inference";
import { ClassifierPage } from "./classifier-page.ts";
import { toDeviceChoice } from "./model/device-choice.ts";
import { embeddedModel } from "./model/embedded-model.ts";

const parameters = new URLSearchParams(location.search);

const page = new ClassifierPage();
const asked = parameters.get("model");
const device = toDeviceChoice(parameters.get("device"));
const embedded = asked === null ? embeddedModel(document) : undefined;
if (embedded !== undefined) page.openFiles(embedded, device);
else {
  page.open(asked ?? "./model/model.json", device, {
    optional: asked === null,
    outputs: readOutputs(parameters.get("outputs")),
  });
}

function readOutputs(name: string | null): LoadClassifierOptions["outputs"] {
  return name === "probabilities" || name === "logits" || name === "binaryLogits" ? name : undefined;
}
