import { deserializeModel } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { useBackend } from "@featuremap/testing/backend";
import { describe, expect, test } from "vitest";
import { farthest, predictAll } from "../../testing/onnx-models.ts";
import golden from "../fixtures/operators.golden.json" with { type: "json" };
import { loadOnnx } from "./load-onnx.ts";

useBackend();

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(base64, "base64"));
}

function arrayOf({
  shape,
  values,
}: {
  readonly shape: readonly number[];
  readonly values: string;
}): HostArray<Float32Array> {
  return new HostArray(new Float32Array(bytesOf(values).buffer), shape);
}

describe("operators compute what the onnx package says", () => {
  test.for(Object.entries(golden))("%s", async ([, { model: bytes, inputs, outputs }]) => {
    const { model } = await loadOnnx(bytesOf(bytes), { layout: "file" });
    const given = inputs.map(arrayOf);
    // A saved model has the same operations, with every number of theirs.
    const copy = deserializeModel(JSON.parse(JSON.stringify(model.serialize())));
    copy.setWeights(await model.getWeights());
    for (const own of [model, copy]) {
      const results = await predictAll(own, given);
      for (const [index, result] of results.entries()) {
        const expected = outputs[index];
        expect(expected && farthest(arrayOf(expected), result)).toBeLessThan(1e-5);
      }
      own.dispose();
    }
  });
});
