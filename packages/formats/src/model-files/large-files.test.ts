import { readFile, writeFile } from "node:fs/promises";
import { Dense, Sequential } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { temporaryFolder } from "@featuremap/testing/temporary-folder";
import { expect, test } from "vitest";
import { bytesSource } from "../reading/byte-source.ts";
import { encodeSafetensors } from "../safetensors/encode-safetensors.ts";
import { decodeWeights, decodeWeightsInParts } from "./decode-weights.ts";
import { loadModel } from "./load-model.ts";
import { saveModel } from "./save-model.ts";

const folder = temporaryFolder();

test("what is read in parts is what is read whole", async () => {
  const tensors = new Map<string, HostArray>([
    ["a", new HostArray(Float32Array.of(1, 2, 3, -4), [2, 2])],
    ["b", new HostArray(Int32Array.of(1, -2, 3), [3])],
    ["b:scale", new HostArray(Float32Array.of(0.5), [1])],
    ["c", new HostArray(Uint8Array.of(7, 8), [2])],
  ]);
  const dtype = (name: string) => ({ a: "float16", b: "int8" })[name] as "float16" | "int8" | undefined;
  const bytes = encodeSafetensors(tensors, undefined, { dtype });
  expect(await decodeWeightsInParts(bytesSource(bytes, "file"))).toEqual(decodeWeights(bytes, "file"));
  for (const length of [0, 5, 8, 20, bytes.length - 1]) {
    const cut = bytes.subarray(0, length);
    const whole = await Promise.resolve()
      .then(() => decodeWeights(cut, "file"))
      .catch(String);
    expect(await decodeWeightsInParts(bytesSource(cut, "file")).catch(String)).toEqual(whole);
  }
});

test("a file that is too long to be in memory twice is checked and read in parts", async () => {
  const directory = folder.path();
  // 64 MiB and 16 KiB.
  const model = new Sequential([new Dense({ units: 4096, inputShape: [4096], kernelInitializer: "ones" })]);
  const [kernel] = model.weights;
  kernel?.assign(
    new HostArray(
      Float32Array.from({ length: kernel.size }, (_, index) => index),
      kernel.shape,
    ),
  );
  await saveModel(model, directory);
  const reports: number[] = [];
  const loaded = await loadModel(directory, { onProgress: ({ loadedBytes }) => reports.push(loadedBytes) });
  const [found, expected] = [await loaded.model.weights[0]?.read(), await kernel?.read()];
  // Comparing them by element takes minutes.
  const differs = found?.data.findIndex((value, index) => value !== expected?.data[index]);
  expect([found?.data.length, differs]).toEqual([kernel?.size, -1]);
  expect(reports.length).toBeGreaterThan(8);
  const { weights } = JSON.parse(await readFile(folder.path("model.json"), "utf8")) as { weights: { file: string }[] };
  const file = folder.path(weights[0]?.file);
  const bytes = await readFile(file);
  bytes[bytes.length - 5] = 1;
  await writeFile(file, bytes);
  await expect(loadModel(directory)).rejects.toThrow("SHA-256");
  const stop = new AbortController();
  const onProgress = ({ loadedBytes }: { readonly loadedBytes: number }): void => {
    if (loadedBytes > 2 ** 24) stop.abort();
  };
  await expect(loadModel(directory, { signal: stop.signal, onProgress })).rejects.toThrow("safetensors was stopped");
});
