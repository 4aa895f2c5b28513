import { type Device, runOnDevice } from "@featuremap/devices";
import type { Model } from "@featuremap/layers";
import { sizeOf } from "@featuremap/tensor";
import { backend as currentBackend, env, tensor } from "@tensorflow/tfjs-core";
import { nextTask } from "./work-queue.ts";

/** What tfjs's WebGPU backend offers for compiling beside the page's own work. */
interface CompilesInBackground {
  checkCompileCompletionAsync(): Promise<void>;
}

const compileOnly = "WEBGPU_ENGINE_COMPILE_ONLY";

/**
 * Runs a model once on an empty batch, so that the first picture finds weights uploaded and shaders compiled.
 *
 * On WebGPU a pass that computes nothing first asks for every shader, which the browser compiles while the page goes on;
 * compiled on first use they would each freeze it. Elsewhere there is nothing to compile.
 *
 * No other tensor work may run on the backend meanwhile: it would meet shaders that are not ready.
 *
 * @param shape one batch
 */
export async function warmUp(model: Model, shape: readonly number[], device: Device): Promise<void> {
  await nextTask();
  const compiled = runOnDevice(device, () => {
    const backend = currentBackend();
    return compilesInBackground(backend) ? requestShaders(model, shape, backend) : undefined;
  });
  await compiled;
  await nextTask();
  const output = runOnDevice(device, () => predictZeros(model, shape));
  try {
    await output.data();
  } finally {
    output.dispose();
  }
}

function requestShaders(model: Model, shape: readonly number[], backend: CompilesInBackground): Promise<void> {
  env().set(compileOnly, true);
  try {
    predictZeros(model, shape).dispose();
  } finally {
    env().set(compileOnly, false);
  }
  return backend.checkCompileCompletionAsync();
}

function predictZeros(model: Model, shape: readonly number[]): ReturnType<Model["predict"]> {
  const input = tensor(new Float32Array(sizeOf(shape)), [...shape]);
  try {
    return model.predict(input);
  } finally {
    input.dispose();
  }
}

function compilesInBackground(backend: object): backend is CompilesInBackground {
  return "checkCompileCompletionAsync" in backend;
}
