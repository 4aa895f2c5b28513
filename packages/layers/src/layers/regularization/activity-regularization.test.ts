import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { ActivityRegularization } from "./activity-regularization.ts";
import { Input } from "../../model/input-layer.ts";
import { Model } from "../../model/model.ts";

useBackend(registerGradients);

describe("ActivityRegularization", () => {
  checkLayerContract(() => new ActivityRegularization({ l1: 0.5 }), { inputShape: [2, 3] });

  test("adds the cost of its input to the loss, for each input of the batch", () => {
    const input = Input({ shape: [2] });
    const model = new Model({ inputs: input, outputs: new ActivityRegularization({ l1: 0.5, l2: 0.25 }).apply(input) });
    const costs = tf.tidy(() => {
      const losses: tf.Tensor[] = [];
      model.call(
        tf.tensor2d([
          [1, -2],
          [3, 0],
        ]),
        { training: true, losses },
      );
      return losses.map((loss) => loss.dataSync()[0]);
    });
    // (0.5 * (1 + 2 + 3) + 0.25 * (1 + 4 + 9)) / 2
    expect(costs).toEqual([3.25]);
  });

  test.for(["l1", "l2"])("rejects a negative %s", (option) => {
    expect(() => new ActivityRegularization({ [option]: -1 })).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option }),
    );
  });
});
