import type { DeviceChoice } from "@featuremap/inference";
import { ClassifierPage } from "./classifier-page.ts";

const parameters = new URLSearchParams(location.search);

const page = new ClassifierPage();
const asked = parameters.get("model");
page.open(asked ?? "./model/model.json", readDevice(parameters.get("device")), asked === null);

function readDevice(name: string | null): DeviceChoice {
  return name === "webgpu" || name === "wasm" || name === "cpu" ? name : "auto";
}
