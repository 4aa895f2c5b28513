import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { StochasticDepth } from "./stochastic-depth.ts";

useBackend(registerGradients);

describe("StochasticDepth", () => {
  checkLayerContract(() => new StochasticDepth({ dropPathRate: 0.4 }), { inputShape: [2, 3, 3] });

  const train = (dropPathRate: number): number[][] => {
    const layer = new StochasticDepth({ dropPathRate });
    layer.build([null, 5]);
    return tf.tidy(() => layer.call(tf.ones([2000, 5]), { training: true }).arraySync() as number[][]);
  };

  test("drops its share of examples as wholes, and rescales the rest", () => {
    const rows = train(0.2);
    for (const row of rows) expect(new Set(row).size).toBe(1);
    const dropped = rows.filter(([first]) => first === 0).length;
    expect(new Set(rows.flat())).toEqual(new Set([0, 1.25]));
    // Four standard deviations of the number dropped.
    expect(Math.abs(dropped - 400)).toBeLessThan(4 * Math.sqrt(2000 * 0.2 * 0.8));
  });

  test("keeps all where the rate is 0, and nothing where it is 1", () => {
    expect(new Set(train(0).flat())).toEqual(new Set([1]));
    expect(new Set(train(1).flat())).toEqual(new Set([0]));
  });

  test.for([-0.1, 1.1, Number.NaN])("rejects rate %s", (dropPathRate) => {
    expect(() => new StochasticDepth({ dropPathRate })).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "dropPathRate" }),
    );
  });
});
