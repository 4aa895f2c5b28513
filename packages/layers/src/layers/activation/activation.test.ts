import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { Activation } from "./activation.ts";

useBackend(registerGradients);

describe("Activation", () => {
  checkLayerContract(() => new Activation("tanh"), { inputShape: [2, 5] });

  test.for([
    ["swish", "silu"],
    ["leakyRelu", "leaky_relu"],
    ["leaky_relu", "leaky_relu"],
    ["logSoftmax", "log_softmax"],
  ] as const)("knows %s as %s", ([name, kerasName]) => {
    expect(new Activation(name).getConfig()["activation"]).toBe(kerasName);
  });

  test("rejects an unknown name", () => {
    expect(() => new Activation("rely" as "relu")).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "activation" }),
    );
  });
});
