import { memory, setBackend } from "@tensorflow/tfjs-core";
// oxlint-disable-next-line import/no-unassigned-import -- loading it registers the backend
import "@tensorflow/tfjs-backend-cpu";
import { afterAll, beforeAll, expect } from "vitest";
import { registerGradients } from "../register-gradients.ts";

/** Runs the file's tests on tfjs's cpu backend, with gradients, and expects them to leave no tensor behind. */
export function useCpuBackend(): void {
  let tensorsBefore = 0;
  // Gradients are several hundred modules of tfjs-core: reading them takes a while on a busy machine.
  beforeAll(async () => {
    await setBackend("cpu");
    await registerGradients();
    tensorsBefore = memory().numTensors;
  }, 60_000);
  afterAll(() => {
    expect(memory().numTensors).toBe(tensorsBefore);
  });
}
