import "@tensorflow/tfjs-backend-cpu";
import { type Device, checkKernel } from "@featuremap/operations/~internal/testing/check-kernel";
import { tensorflowChecks } from "@featuremap/operations/~internal/testing/tensorflow-checks";
import { RandomStream } from "@featuremap/tensor";
import { findBackend, setBackend } from "@tensorflow/tfjs-core";
import { registerWebgpuBackend } from "../index.ts";

/** Makes random calls of a kernel on the page's GPU. @returns a sentence for each with an outcome other than expected */
async function checkOnGpu(kernel: string, cases: number): Promise<string[]> {
  const check = tensorflowChecks.find(({ name }) => name === kernel);
  if (check === undefined) throw new RangeError(`There is no check of ${kernel}.`);
  const { name } = await registerWebgpuBackend();
  await setBackend(name);
  const deviceOf = (backend: string): Device => ({ name: backend, backend: findBackend(backend) });
  const found: string[] = [];
  for (let number = 0; number < cases; number++) {
    const call = check.generate(new RandomStream(1).fork(`${kernel} ${number}`));
    const difference = await checkKernel(check, call, deviceOf(name), deviceOf("cpu"));
    if (difference !== undefined) found.push(`call ${number} ${difference}`);
  }
  return found;
}

Object.assign(globalThis, { checkOnGpu });
