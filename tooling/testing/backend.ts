// oxlint-disable-next-line import/no-unassigned-import -- It registers the backend.
import "@tensorflow/tfjs-backend-cpu";
import { engine, env, findBackend, memory, setBackend } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect } from "vitest";

/** A device that was opened, as `openDevice` gives it. */
interface OpenedDevice {
  dispose(): Promise<void>;
}

/** Spares tensors that a custom gradient saves from TensorFlow.js's check of kernels, which takes them for leaks. */
export function allowSavedTensors(): void {
  env().set("IS_TEST", false);
}

/**
 * Runs the tests of the file, or of the `describe` that it is called in, on TensorFlow.js's cpu backend, and expects them to leave
 * no tensor behind: neither the tests nor, by TensorFlow.js's own check, a kernel.
 *
 * @param prepare runs before the tests, on that backend: `registerGradients`, for instance; or it opens another device, which is
 *   closed after them
 */
export function useBackend(prepare: () => Promise<OpenedDevice> | void = () => {}): void {
  let tensorsBefore = 0;
  let variablesBefore: readonly string[] = [];
  let close = async (): Promise<void> => {};
  beforeAll(async () => {
    env().set("IS_TEST", true);
    await setBackend("cpu");
    // Else its first tensor prints an advertisement for tfjs-node.
    Reflect.set(findBackend("cpu"), "firstUse", false);
    const opened = await prepare();
    if (opened !== undefined) {
      allowSavedTensors();
      close = () => opened.dispose();
    }
    tensorsBefore = memory().numTensors;
    variablesBefore = Object.keys(engine().registeredVariables);
  });
  afterAll(async () => {
    const tensorsAfter = memory().numTensors;
    // Files of one package share their imports, and a file may dispose of what one before it left.
    const gone = variablesBefore.filter((name) => !Object.hasOwn(engine().registeredVariables, name)).length;
    await close();
    env().set("IS_TEST", false);
    expect(tensorsAfter, "tensors at the end of the file").toBe(tensorsBefore - gone);
  });
}
