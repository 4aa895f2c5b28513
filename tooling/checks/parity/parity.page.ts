import { openDevice } from "@featuremap/devices";
import { registerGradients } from "@featuremap/layers";
import { type ParityCase, runCase } from "./parity-case.ts";

let opened: Promise<string> | undefined;

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

Object.assign(globalThis, { openWebgpu, runParityCase });
