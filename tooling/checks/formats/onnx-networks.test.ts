import { applications } from "@featuremap/applications";
import { encodeOnnx, loadOnnx } from "@featuremap/formats/onnx";
import { type Model, registerGradients } from "@featuremap/layers";
import { HostArray, RandomStream, sizeOf } from "@featuremap/tensor";
import { useBackend } from "@featuremap/testing/backend";
import { type Numbers, runOnnx } from "@featuremap/testing/onnx-runtime";
import { describe, expect, test } from "vitest";

useBackend(registerGradients);

/** Values that no initializer gives; variances are positive. */
function stir(model: Model): void {
  const random = new RandomStream(1);
  for (const weight of model.weights) {
    const base = weight.name.includes("variance") || weight.name === "gamma" ? 1 : 0;
    const values = Float32Array.from({ length: weight.size }, () => base + random.uniform(-0.06, 0.14));
    weight.assign(new HostArray(values, weight.shape));
  }
}

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

describe("every network here, written as an ONNX file", () => {
  test.for(Object.values(applications).map((application) => [application.name, application] as const))(
    "predicts in ONNX Runtime what it predicts here: %s",
    async ([, application]) => {
      const small = ["mobile", "resnet", "small"].includes(application.name);
      const model = application.build({
        classes: application.outputs.startsWith("binary") ? 2 : 5,
        ...(small ? { inputShape: [32, 32, 3] } : {}),
      });
      stir(model);
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
    },
  );
});
