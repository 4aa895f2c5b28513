import { type Device, openDevice } from "@featuremap/devices";
import { registerGradients } from "@featuremap/layers";
import { env, setBackend } from "@tensorflow/tfjs-core";
import { type NanPlaces, placesOfNan } from "./nan-case.ts";
import { type ParityCase, runCase } from "./parity-case.ts";

let opened: Promise<string> | undefined;
let cpu: Promise<Device> | undefined;

/** Opens WebGPU as users do, and tells on what. */
function openWebgpu(): Promise<string> {
  opened ??= openDevice("webgpu").then(({ description }) => {
    registerGradients();
    return description;
  });
  return opened;
}

/** @param text a case in JSON; its result is in JSON too, which turns NaN into null */
async function runParityCase(text: string): Promise<string> {
  await openWebgpu();
  return JSON.stringify(await runCase(JSON.parse(text) as ParityCase));
}

/** @param text a case in JSON */
async function runNanCase(text: string): Promise<Readonly<Record<"cpu" | "webgpu", NanPlaces[]>>> {
  await openWebgpu();
  cpu ??= openDevice("cpu");
  await cpu;
  // Else TensorFlow.js computes some small ones on the host.
  env().set("WEBGPU_CPU_FORWARD", false);
  const entry = JSON.parse(text) as ParityCase;
  await setBackend("cpu");
  const expected = await placesOfNan(entry);
  await setBackend("webgpu");
  return { cpu: expected, webgpu: await placesOfNan(entry) };
}

Object.assign(globalThis, { openWebgpu, runNanCase, runParityCase });
