import { existsSync, readdirSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { engine } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { sweep } from "./sweep.ts";
import { discPicture, writeFiles } from "../../testing/made-pictures.ts";
import { temporaryFolder } from "../../testing/saved-model.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
const folder = temporaryFolder();

/** What a process holds between two trials. */
function measure(): {
  readonly tensors: number;
  readonly threads: number;
  readonly heap: number;
  readonly outside: number;
} {
  for (let round = 0; round < 3; round++) collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  // Elsewhere than on Linux nobody tells.
  const threads = existsSync("/proc/self/task") ? readdirSync("/proc/self/task").length : 0;
  return { tensors: engine().state.numTensors, threads, heap: heapUsed, outside: external };
}

test("20 trials leave no tensors, threads or memory behind", { timeout: 300_000 }, async () => {
  for (const label of [0, 1]) {
    for (let index = 0; index < 10; index++) {
      const picture = await discPicture(label, index, [12, 12]).png().toBuffer();
      await writeFiles(folder.path("photos"), { [`${label}/${index}.png`]: picture });
    }
  }
  const during: ReturnType<typeof measure>[] = [];
  const held: ReturnType<typeof measure>[] = [];
  const { trials } = await sweep({
    data: folder.path("photos"),
    out: folder.path("sweep"),
    random: { learningRate: { min: 1e-3, max: 1e-1, scale: "log" }, model: ["small", "n3"] },
    trials: 20,
    epochs: 1,
    batchSize: 8,
    device: "wasm",
    threads: 2,
    workers: 1,
    onEpoch: () => during.push(measure()),
    onResult: () => held.push(measure()),
  });
  expect(trials.map(({ state }) => state)).toEqual(Array.from({ length: 20 }, () => "completed"));
  const [early, late] = [held[4], held.at(-1)];
  expect(during[19]?.tensors).toBeGreaterThan(0);
  expect(late?.tensors).toBe(0);
  // The system's own threads come one by one; those of a trial would be 15 or more.
  expect((late?.threads ?? Infinity) - (early?.threads ?? 0)).toBeLessThan(10);
  // An epoch of a trial holds many times as much.
  expect((late?.heap ?? Infinity) - (early?.heap ?? 0)).toBeLessThan(8e6);
  expect((late?.outside ?? Infinity) - (early?.outside ?? 0)).toBeLessThan(8e6);
});
