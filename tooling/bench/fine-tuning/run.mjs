import { join } from "node:path";
import { registerWasmBackend } from "@featuremap/backend-wasm";
import { imageFolders } from "@featuremap/datasets";
import { loadTfjs } from "@featuremap/formats/tfjs";
import { Model, cloneModel } from "@featuremap/layers";
import { nsfwjsFiles } from "@featuremap/testing/nsfwjs";
import { Trainer, fineTune } from "@featuremap/training";
import { setBackend } from "@tensorflow/tfjs-core";
import { describeMachine } from "../machine.mjs";

/**
 * What few photos teach a network that learned from others: `node tooling/bench/fine-tuning/run.mjs <photos> [classes]`.
 *
 * `photos` has `train` and `test` with a folder for each class, as CIFAR-10 in JPEG files. Fine-tunes the MobileNetV2 of the npm package
 * nsfwjs on 50 photos of each class, and tests it on 100 others. Ends with code 1 if it misses what is set.
 */
const [folder = "", names = "airplane,automobile,cat,frog,ship"] = process.argv.slice(2);
const classNames = names.split(",");
const side = 64;
const set = { accuracy: 0.65, seconds: 60 };

/** @param {string} part @param {number} count of each class */
async function photosOf(part, count) {
  const { train: all } = await imageFolders(join(folder, part), { classNames });
  /** @type {number[]} */
  const taken = classNames.map(() => 0);
  const chosen = [...(all.labels ?? []).entries()].filter(
    ([, label]) => (taken[label] = (taken[label] ?? 0) + 1) <= count,
  );
  return all.select(chosen.map(([place]) => place));
}
const reading = /** @type {const} */ ({ imageSize: side, interpolation: "bicubic", scale: 1 / 255 });

const { name } = await registerWasmBackend();
await setBackend(name);
const [photos, others] = [await photosOf("train", 50), await photosOf("test", 100)];

const begin = performance.now();
const { model: whole } = await loadTfjs(nsfwjsFiles("mobilenet_v2"));
// What tells later layers apart are kinds of pictures that photos are not of.
const features = new Model({ inputs: whole.inputs, outputs: whole.getLayer("block_11_add").output });
const smaller = cloneModel(features, { inputShape: [side, side, 3] });
smaller.setWeights(await features.getWeights());
const base = new Model({ inputs: smaller.inputs, outputs: smaller.output, seed: 1 });
whole.dispose();
const { model } = await fineTune(base, photos.batch(16, { ...reading, shuffle: true, seed: 1 }), {
  classes: classNames.length,
  dropout: 0.5,
  freezeEpochs: 60,
  headLearningRate: 3e-3,
  epochs: 80,
  unfreeze: 12,
  learningRate: 1e-3,
  verbose: 0,
});
const seconds = (performance.now() - begin) / 1000;

const trainer = new Trainer(model, { loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
const { accuracy = 0 } = await trainer.evaluate(others.batch(50, reading));
console.log(describeMachine());
console.log(`${photos.size} photos: ${seconds.toFixed(1)} s (${set.seconds} at most)`);
console.log(`${others.size} other photos: accuracy ${accuracy.toFixed(3)} (${set.accuracy} at least)`);
process.exitCode = accuracy >= set.accuracy && seconds <= set.seconds ? 0 : 1;
