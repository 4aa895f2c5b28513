import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { applications, augmentation, preprocessingFor } from "@featuremap/applications";
import { registerWasmBackend } from "@featuremap/backend-wasm";
import { imageFolders } from "@featuremap/datasets";
import { RandomStream } from "@featuremap/tensor";
import { Adam, LambdaCallback, SparseCategoricalCrossentropy, Trainer } from "@featuremap/training";
import { setBackend } from "@tensorflow/tfjs-core";

/** @import { BatchSource } from "@featuremap/tensor" */

/**
 * What a run of `featuremap train` trained, by `Trainer.fit` alone: `node fit-process.mjs <run>`. Prints a line of JSON after each epoch.
 *
 * Takes the options that `command.mjs` gives, and no others.
 */
const run = process.argv[2] ?? "";
const { train: config } = JSON.parse(readFileSync(join(run, "config.json"), "utf8"));
const rows = readFileSync(join(run, "split.csv"), "utf8").trim().split("\n").slice(1);
const parts = new Map(rows.map((row) => [row.split(",")[0], row.split(",").at(-1)]));

const { name } = await registerWasmBackend({ threads: config.threads });
await setBackend(name);
const { train: all } = await imageFolders(config.data);
/** @param {string} part */
const filesOf = (part) =>
  all.select(all.filePaths.flatMap((path, place) => (parts.get(relative(config.data, path)) === part ? [place] : [])));
// The command draws in this order.
const seeds = new RandomStream(config.seed);
seeds.fork("mixing");
const order = seeds.fork("order").uint32();
const side = Number(config.imageSize);
const inputShape = /** @type {const} */ ([side, side, 3]);
const { size, resize, mean, standardDeviation, scale } = preprocessingFor(applications.small, inputShape);

/** Pixels as the network takes them. @param {BatchSource<any>} source @returns {BatchSource<any>} */
function normalized(source) {
  const [offset = 0, divisor = 1] = [mean[0], standardDeviation[0]];
  return {
    size: source.size,
    batchSize: source.batchSize,
    batchCount: source.batchCount,
    seed: source.seed,
    startsAnywhere: true,
    async *batches(epoch, from) {
      for await (const batch of source.batches(epoch, from)) {
        const { data } = batch.x;
        for (let index = 0; index < data.length; index++) data[index] = (data[index] * scale - offset) / divisor;
        yield batch;
      }
    },
  };
}

const { batchSize, workers, epochs, learningRate } = config;
const reading = { imageSize: size, interpolation: resize, scale: 1, workers };
const augment = augmentation(config.augment, size);
const batches = normalized(filesOf("train").batch(batchSize, { ...reading, augment, shuffle: true, seed: order }));
const validation = normalized(filesOf("validation").batch(256, reading));
const model = applications.small.build({
  inputShape,
  classes: all.classNames.length,
  seed: new RandomStream(config.seed).fork("weights").uint32(),
});
const loss = new SparseCategoricalCrossentropy({ fromLogits: true });
const trainer = new Trainer(model, { optimizer: new Adam({ learningRate }), loss, metrics: ["accuracy"] });
const told = new LambdaCallback({
  onEpochEnd: (epoch, logs) => console.log(JSON.stringify({ event: "epoch", epoch: epoch + 1, ...logs })),
});
await trainer.fit(batches, { epochs, validation, callbacks: [told] });
process.exit(0);
