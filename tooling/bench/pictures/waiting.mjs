import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { registerWasmBackend } from "@featuremap/backend-wasm";
import { ImageFiles, imageFolders } from "@featuremap/datasets";
import { randomFlipLeftRight } from "@featuremap/images";
import { Adam, LambdaCallback, SparseCategoricalCrossentropy, Trainer } from "@featuremap/training";
import { setBackend } from "@tensorflow/tfjs-core";
import { describeMachine } from "../machine.mjs";
import { median } from "../statistics.mjs";
import { buildModel } from "../workers/featuremap-model.mjs";
import { cache, picturesOf } from "./pictures.mjs";

/** @import { ImageFileBatches } from "@featuremap/datasets" */

/**
 * How long the training of N3 waits for pictures of 32 x 32 that were decoded before:
 * `node tooling/bench/pictures/waiting.mjs [rounds] [folder]`.
 *
 * Waiting is the time between a step and the next one: until the batch is there, and whatever this thread does of its making;
 * less what lies between steps on one batch again and again, for which nothing has to be made, in turns. The folder has a folder for each
 * class; by default pictures are made, as for run.mjs. Writes runs/waiting.json.
 */
const rounds = Number(process.argv[2] ?? 5);
const most = 0.03;
/** Pictures of an epoch. */
const count = 3200;
const works = [
  { name: "batch 32", batchSize: 32, augment: [] },
  { name: "batch 64", batchSize: 64, augment: [] },
  { name: "batch 32, flipped at random", batchSize: 32, augment: [randomFlipLeftRight()] },
  { name: "batch 64, flipped at random", batchSize: 64, augment: [randomFlipLeftRight()] },
];

/** @param {string | undefined} folder */
async function filesOf(folder) {
  if (folder !== undefined) return (await imageFolders(folder)).train;
  const made = picturesOf(32, 10_000);
  const paths = readdirSync(made)
    .toSorted()
    .map((name) => join(made, name));
  const labels = paths.map((_, index) => index % 10);
  return new ImageFiles({ paths, labels, classNames: Array.from({ length: 10 }, (_, index) => String(index)) });
}

/** The first batch, as often as an epoch has batches. @param {ImageFileBatches} source */
async function sameAgain(source) {
  const { size, batchCount, batchSize } = source;
  const batch = await source.at(0);
  return {
    size,
    batchCount,
    batchSize,
    async *batches() {
      for (let index = 0; index < batchCount; index++) yield batch;
    },
  };
}

const { name: backend } = await registerWasmBackend();
await setBackend(backend);
const model = buildModel("n3");
const loss = new SparseCategoricalCrossentropy({ fromLogits: true });
const trainer = new Trainer(model, { optimizer: new Adam(), loss });

/** Milliseconds of an epoch, and those between its steps. @param {ImageFileBatches | Awaited<ReturnType<typeof sameAgain>>} source */
async function epochOf(source) {
  let [between, steps, ended] = [0, 0, performance.now()];
  const began = ended;
  const callback = new LambdaCallback({
    onTrainBatchBegin() {
      if (steps++ > 0) between += performance.now() - ended;
    },
    onTrainBatchEnd() {
      ended = performance.now();
    },
  });
  await trainer.fit(source, { epochs: 1, verbose: 0, callbacks: [callback] });
  return { all: performance.now() - began, between };
}

const files = (await filesOf(process.argv[3])).shuffle({ seed: 1 }).take(count);
const results = [];
for (const { name, batchSize, augment } of works) {
  const options = { imageSize: 32, scale: 1 / 255, seed: 1, shuffle: true, augment };
  const kept = files.batch(batchSize, { ...options, cache: join(cache, "waiting") });
  const same = await sameAgain(kept);
  // The first time decodes, and makes the kernels warm.
  await epochOf(kept);
  await epochOf(same);
  /** @type {{ share: number, unavoidable: number, ratio: number }[]} */
  const pairs = [];
  for (let round = 0; round < rounds; round++) {
    const [mine, idle] = [await epochOf(kept), await epochOf(same)];
    pairs.push({ share: mine.between / mine.all, unavoidable: idle.between / idle.all, ratio: mine.all / idle.all });
  }
  const [between, without, waiting, longer] = [
    median(pairs.map(({ share }) => share)),
    median(pairs.map(({ unavoidable }) => unavoidable)),
    median(pairs.map(({ share, unavoidable }) => share - unavoidable)),
    median(pairs.map(({ ratio }) => ratio)),
  ];
  results.push({ name, between, without, waiting, longer, most });
  const percent = (/** @type {number} */ share) => `${(100 * share).toFixed(2)} %`;
  console.log(
    `${name}: waits ${percent(waiting)} of the time (aim: less than ${percent(most)}), from ${percent(between)} between steps and ` +
      `${percent(without)} with nothing to read; an epoch takes ${longer.toFixed(3)} times as long`,
  );
}
mkdirSync(resolve("runs"), { recursive: true });
writeFileSync(
  resolve("runs", "waiting.json"),
  `${JSON.stringify({ machine: describeMachine(), pictures: files.size, results }, undefined, 2)}\n`,
);
process.exit(0);
