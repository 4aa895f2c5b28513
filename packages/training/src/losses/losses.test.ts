import { registerGradients } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { tensor, tidy } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { expectClose } from "../testing/close.ts";
import { BinaryCrossentropy } from "./crossentropy/binary-crossentropy.ts";
import { CategoricalCrossentropy } from "./crossentropy/categorical-crossentropy.ts";
import { BinaryFocalCrossentropy } from "./crossentropy/binary-focal-crossentropy.ts";
import { CategoricalFocalCrossentropy } from "./crossentropy/categorical-focal-crossentropy.ts";
import { Hinge } from "./hinge/hinge.ts";
import { KLDivergence } from "./regression/kl-divergence.ts";
import { MeanSquaredError } from "./regression/mean-squared-error.ts";
import { SparseCategoricalCrossentropy } from "./crossentropy/sparse-categorical-crossentropy.ts";
import { Huber } from "./regression/huber.ts";
import { resolveLoss } from "./resolve-loss.ts";

useBackend(() => {
  allowSavedTensors();
  registerGradients();
});

describe.for([
  { name: "BinaryCrossentropy", loss: new BinaryCrossentropy(), target: [[1], [0]], output: [[0.7], [0.4]] },
  {
    name: "CategoricalCrossentropy",
    loss: new CategoricalCrossentropy(),
    target: [[0, 0, 1]],
    output: [[0.3, 0.15, 0.55]],
  },
  {
    name: "SparseCategoricalCrossentropy",
    loss: new SparseCategoricalCrossentropy(),
    target: [2],
    output: [[0.3, 0.15, 0.55]],
  },
])("$name given the logits of its probabilities", ({ name, loss, target, output }) => {
  test("agrees with itself", () => {
    tidy(() => {
      const logits = tensor(
        output.map((row) => row.map((p) => Math.log(name === "BinaryCrossentropy" ? p / (1 - p) : p))),
      );
      const labels = tensor(target as number[]);
      const probabilities = tensor(output);
      const expected = loss.apply(labels, probabilities).arraySync();
      expectClose(loss.apply(labels, probabilities, { logits }), expected, 1e-6);
    });
  });
});

describe("labels that do not fit", () => {
  const sparse = new SparseCategoricalCrossentropy();

  test.for([-1, 3, 0.5, Number.NaN])("class %s of 3 is refused", (label) => {
    const labels = new HostArray(Float32Array.of(0, label), [2]);
    expect(() => {
      sparse.checkTarget(labels, [2, 3]);
    }).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option: "labels" }));
  });

  test("one-hot labels are refused by the sparse loss, class indices by the categorical one", () => {
    const hot = new HostArray(new Float32Array(6), [2, 3]);
    const indices = new HostArray(new Int32Array(2), [2]);
    const mismatch = expect.objectContaining({ code: "SHAPE_MISMATCH" });
    expect(() => {
      sparse.checkTarget(hot, [2, 3]);
    }).toThrow(mismatch);
    expect(() => {
      new CategoricalCrossentropy().checkTarget(indices, [2, 3]);
    }).toThrow(mismatch);
    expect(() => {
      new BinaryCrossentropy().checkTarget(indices, [2, 3]);
    }).toThrow(mismatch);
  });

  test.for([
    [new BinaryCrossentropy(), 3],
    [new BinaryCrossentropy({ fromLogits: true, labelSmoothing: 0.1 }), -1],
    [new BinaryCrossentropy(), Number.NaN],
    [new BinaryFocalCrossentropy(), 255],
    [new CategoricalCrossentropy(), 2],
    [new CategoricalFocalCrossentropy(), -0.5],
  ] as const)("%o refuses %s, and says where it stands", ([loss, label]) => {
    const labels = new HostArray(Float32Array.of(0, 1, 0.5, 1, 0, label), [2, 3]);
    const message = `${loss.constructor.name}: labels must be in [0, 1] (at [1, 2] of the batch too), received ${label}.`;
    expect(() => {
      loss.checkTarget(labels, [2, 3]);
    }).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option: "labels", message }));
  });

  test("soft labels pass, rounded ones and rows of any sum too, and hinge and regression take any number", () => {
    const [least, most] = [-(2 ** -20), 1 + 2 ** -20];
    const soft = new HostArray(Float32Array.of(0.05, 0.95, most, least, 0, 0), [2, 3]);
    const any = new HostArray(Float32Array.of(-1, 1, 300, -0.5, 0, 7), [2, 3]);
    expect(() => {
      for (const loss of [new BinaryCrossentropy(), new CategoricalCrossentropy()]) loss.checkTarget(soft, [2, 3]);
      for (const loss of [new Hinge(), new MeanSquaredError(), new KLDivergence()]) loss.checkTarget(any, [2, 3]);
    }).not.toThrow();
  });

  test("the other kind of labels is told which loss takes it", () => {
    const hot = new HostArray(new Float32Array(6), [2, 3]);
    expect(() => {
      sparse.checkTarget(hot, [2, 3]);
    }).toThrow('must be (2,) ("categoricalCrossentropy" and the like take one-hot rows), received (2, 3).');
    for (const shape of [[2], [2, 1]]) {
      expect(() => {
        new CategoricalCrossentropy().checkTarget(new HostArray(new Int32Array(2), shape), [2, 3]);
      }).toThrow(
        'must be (2, 3) ("sparseCategoricalCrossentropy" and the like take class indices; oneHot of @featuremap/datasets, or labelMode: "categorical" of its batches, makes rows of them), received (2,',
      );
    }
  });
});

test.for([
  "mse",
  "mean_squared_error",
  "mae",
  "huber",
  "log_cosh",
  "kl_divergence",
  "binary_focal_crossentropy",
] as const)("%s names a loss", (name) => {
  expect(resolveLoss(name).reduction).toBe("sumOverBatchSize");
});

test("weights for other examples are refused", () => {
  tidy(() => {
    const [target, output, sampleWeight] = [tensor([[1], [2]]), tensor([[1], [3]]), tensor([1, 2, 3])];
    expect(() => new MeanSquaredError().apply(target, output, { sampleWeight })).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });
});

test.for([
  ["reduction", () => Reflect.construct(Hinge, [{ reduction: "average" }])],
  ["labelSmoothing", () => new CategoricalCrossentropy({ labelSmoothing: 1.5 })],
  ["ignoreClass", () => new SparseCategoricalCrossentropy({ ignoreClass: 0.5 })],
  ["gamma", () => new BinaryFocalCrossentropy({ gamma: -1 })],
  ["alpha", () => new CategoricalFocalCrossentropy({ alpha: [1, -1] })],
  ["delta", () => new Huber({ delta: 0 })],
  ["options", () => Reflect.construct(BinaryCrossentropy, [{ from_logits: true }])],
] as const)("rejects a wrong %s", ([option, construct]) => {
  expect(construct).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
});
