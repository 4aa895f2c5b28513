import { setBackend } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import golden from "./fit.golden.json" with { type: "json" };
import { sectorModel, sectors } from "../testing/tiny-problem.ts";
import { Trainer } from "./trainer.ts";
import {
  evaluateOptions,
  fitOptions,
  predictOptions,
  testOnBatchOptions,
  trainOnBatchOptions,
  trainerOptions,
} from "./trainer-options.ts";

beforeAll(async () => {
  await import("@tensorflow/tfjs-backend-cpu");
  await setBackend("cpu");
});

/** What comes with the data: `{ x, y, sampleWeight }`. */
const dataNames = ["x", "y", "sampleWeight"];
const ours: Readonly<Record<keyof typeof golden.methods, readonly string[]>> = {
  compile: Object.keys(trainerOptions),
  fit: [...dataNames, ...Object.keys(fitOptions)],
  evaluate: [...dataNames, ...Object.keys(evaluateOptions)],
  predict: ["x", ...Object.keys(predictOptions)],
  trainOnBatch: [...dataNames, ...Object.keys(trainOnBatchOptions)],
  testOnBatch: [...dataNames, ...Object.keys(testOnBatchOptions)],
  predictOnBatch: ["x"],
};

/** How TensorFlow compiles and scales means nothing here; numbers always come by name. docs/guides/training.md says so. */
const notHere = new Set(["runEagerly", "stepsPerExecution", "jitCompile", "autoScaleLoss", "returnDict"]);

test.for(Object.entries(golden.methods))(
  "%s has every argument of Keras's that means something here",
  ([name, theirs]) => {
    const known = ours[name as keyof typeof ours];
    expect(theirs.filter((argument) => !known.includes(argument) && !notHere.has(argument))).toEqual([]);
  },
);

describe("options and data in plain JavaScript are refused where nobody reads them:", () => {
  const { x, y } = sectors(8);
  const calls: Readonly<Record<string, (trainer: Trainer) => Promise<unknown>>> = {
    fit: (trainer) => trainer.fit({ x, y }, { qqqq: 1 } as object),
    evaluate: (trainer) => trainer.evaluate({ x, y }, { qqqq: 1 } as object),
    predict: (trainer) => trainer.predict(x, { qqqq: 1 } as object),
    trainOnBatch: (trainer) => trainer.trainOnBatch({ x, y }, { qqqq: 1 } as object),
    testOnBatch: (trainer) => trainer.testOnBatch({ x, y }, { qqqq: 1 } as object),
  };
  test.for(Object.entries(calls))("%s", async ([name, call]) => {
    const model = sectorModel();
    const trainer = new Trainer(model, { optimizer: "sgd", loss: "mse" });
    await expect(call(trainer)).rejects.toThrow(new RegExp(`^Trainer\\.${name}: options must be among .*"qqqq"`));
    model.dispose();
  });

  test("data", async () => {
    const model = sectorModel();
    const trainer = new Trainer(model, { optimizer: "sgd", loss: "mse" });
    const misspelt = { x, y, sample_weights: x } as { readonly x: typeof x; readonly y: typeof y };
    for (const name of ["fit", "evaluate", "trainOnBatch"] as const) {
      await expect(Reflect.apply(trainer[name], trainer, [misspelt])).rejects.toThrow(
        `Trainer.${name} data: options must be among those it has (did you mean sampleWeight?)`,
      );
    }
    model.dispose();
  });

  test("compile", () => {
    const model = sectorModel();
    const config = { optimizer: "sgd", loss: "mse", loss_weight: [1] } as const;
    expect(() => new Trainer(model, config)).toThrow("did you mean lossWeights?");
    model.dispose();
  });
});
