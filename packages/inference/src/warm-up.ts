import type { Model } from "@featuremap/layers";
import { sizeOf } from "@featuremap/tensor";
import { backend as currentBackend, env, tensor } from "@tensorflow/tfjs-core";
import { runOnBackend } from "./run-on-backend.ts";
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
export async function warmUp(model: Model, shape: readonly number[], backend: string): Promise<void> {
  await nextTask();
  const compiled = runOnBackend(backend, () => {
    const device = currentBackend();
    return compilesInBackground(device) ? requestShaders(model, shape, device) : undefined;
  });
  await compiled;
  await nextTask();
  const output = runOnBackend(backend, () => predictZeros(model, shape));
  try {
    await output.data();
  } finally {
    output.dispose();
  }
}

function requestShaders(model: Model, shape: readonly number[], device: CompilesInBackground): Promise<void> {
  env().set(compileOnly, true);
  try {
    predictZeros(model, shape).dispose();
  } finally {
    env().set(compileOnly, false);
  }
  return device.checkCompileCompletionAsync();
}

function predictZeros(model: Model, shape: readonly number[]): ReturnType<Model["predict"]> {
  const input = tensor(new Float32Array(sizeOf(shape)), [...shape]);
  try {
    return model.predict(input);
  } finally {
    input.dispose();
  }
}

function compilesInBackground(device: object): device is CompilesInBackground {
  return "checkCompileCompletionAsync" in device;
}
