import { encodeOnnx, loadOnnx } from "@featuremap/formats/onnx";
import { type Model, registerGradients } from "@featuremap/layers";
import { HostArray, RandomStream, sizeOf } from "@featuremap/tensor";
import { useBackend } from "@featuremap/testing/backend";
import { type Numbers, runOnnx } from "@featuremap/testing/onnx-runtime";
import { describe, expect, test } from "vitest";
import { networkCases, stirredNetwork } from "./network-cases.ts";

useBackend(registerGradients);

async function predicted(model: Model, input: HostArray): Promise<Numbers> {
  const output = model.predict(input);
  const numbers = { data: await output.data(), shape: output.shape };
  output.dispose();
  return numbers;
}

function distance(a: Numbers, b: Numbers | undefined): number {
  const values = Array.from(a.data);
  const largest = Math.max(...values.map(Math.abs));
  return Math.max(...values.map((value, index) => Math.abs(value - (b?.data[index] ?? Number.NaN)))) / largest;
}

describe("every network but the backbones, written as an ONNX file", () => {
  test.for(networkCases)("predicts in ONNX Runtime what it predicts here: %s", async ([, application]) => {
    const model = stirredNetwork(application);
    const shape = [1, ...model.inputShape.slice(1).map((length) => length ?? 32)];
    const random = new RandomStream(3);
    const input = new HostArray(
      Float32Array.from({ length: sizeOf(shape) }, () => random.uniform(0, 1)),
      shape,
    );
    const own = await predicted(model, input);
    const file = await encodeOnnx(model);
    model.dispose();
    const [theirs] = await runOnnx(file, [input]);
    expect(distance(own, theirs)).toBeLessThan(1e-5);
    const again = (await loadOnnx(file)).model;
    expect(distance(own, await predicted(again, input))).toBeLessThan(1e-5);
    again.dispose();
  });
});
