import { HostArray } from "@featuremap/tensor";
import { expect, test } from "vitest";
import { StepEpochs, type StepEpochsOptions } from "./limited-source.ts";
import type { TrainingSource } from "./training-batch.ts";

/** Three batches, each of which tells the pass it is of and its place: 100 * pass + place. */
const source: TrainingSource = {
  size: 3,
  batchCount: 3,
  *batches(epoch, from = 0) {
    for (let place = from; place < 3; place++) {
      const x = new HostArray(Float32Array.of(100 * epoch + place), [1]);
      yield { inputs: [x], targets: [x], size: 1 };
    }
  },
};

async function batchesOf(epochs: StepEpochs, epoch: number): Promise<number[]> {
  const found: number[] = [];
  for await (const { inputs } of epochs.batches(epoch)) found.push(inputs[0]?.at(0) ?? Number.NaN);
  return found;
}

const cases: readonly (readonly [StepEpochsOptions, number[][]])[] = [
  [{ steps: 2, initialEpoch: 0, endless: false }, [[0, 1], [2], [100, 101], [102]]],
  [{ steps: 1, initialEpoch: 0, endless: false }, [[0], [1], [2], [100]]],
  [
    { steps: 3, initialEpoch: 0, endless: false },
    [
      [0, 1, 2],
      [100, 101, 102],
      [200, 201, 202],
    ],
  ],
  [
    { steps: 5, initialEpoch: 0, endless: false },
    [
      [0, 1, 2],
      [100, 101, 102],
    ],
  ],
  [{ steps: 2, initialEpoch: 20, endless: false }, [[2000, 2001], [2002], [2100, 2101]]],
  [
    { steps: 2, initialEpoch: 0, endless: true },
    [
      [0, 1],
      [2, 100],
      [101, 102],
      [200, 201],
    ],
  ],
  [
    { steps: 5, initialEpoch: 20, endless: true },
    [
      [2000, 2001, 2002, 2100, 2101],
      [2102, 2200, 2201, 2202, 2300],
    ],
  ],
];

test.for(cases)("epochs of %o go through the data, one after another or any alone", async ([options, expected]) => {
  const inTurn = new StepEpochs(source, options);
  for (const [index, batches] of expected.entries()) {
    expect(await batchesOf(inTurn, options.initialEpoch + index)).toEqual(batches);
    expect(await batchesOf(new StepEpochs(source, options), options.initialEpoch + index)).toEqual(batches);
  }
  await inTurn.close();
});
