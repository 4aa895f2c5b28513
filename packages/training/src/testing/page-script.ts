import { memory, setBackend } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-webgpu";
import golden from "../trainer/n1.golden.json" with { type: "json" };
import { Trainer } from "../trainer/trainer.ts";
import { goldenImages, goldenLabels, smallN1 } from "./small-n1.ts";

/** What the test sees of training in the page. */
export interface PageTraining {
  readonly history: Readonly<Record<string, readonly number[]>>;
  readonly evaluation: Readonly<Record<string, number>>;
  readonly prediction: readonly number[];
  /** Tensors that are left after all were to be disposed. */
  readonly leaked: number;
}

/** Trains the golden file's small N1 on WebGPU, as `n1.test.ts` does in Node. */
async function trainOnWebgpu(): Promise<PageTraining> {
  if (!(await setBackend("webgpu"))) throw new Error("WebGPU does not start");
  const before = memory().numTensors;
  const model = smallN1();
  const trainer = new Trainer(model, {
    optimizer: "rmsprop",
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
  const [x, y] = [goldenImages(40), goldenLabels(40)];
  const { batchSize, validationBatchSize, validationSize } = golden.fit;
  const validation = { x: x.slice(0, validationSize), y: y.slice(0, validationSize), batchSize: validationBatchSize };
  const { history } = await trainer.fit({ x, y, batchSize }, { epochs: 2, shuffle: false, validation });
  const evaluation = await trainer.evaluate({ x, y, batchSize });
  const prediction = await trainer.predict(x.slice(0, 1));
  trainer.dispose();
  model.dispose();
  return { history, evaluation, prediction: [...prediction.data], leaked: memory().numTensors - before };
}

Object.assign(globalThis, { trainOnWebgpu });
