import { getBackend, memory } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { parseLines, run } from "../../testing/run.ts";

/** As short as it can be. */
const quick = ["--batch-size", "8", "--rounds", "3", "--seconds", "0.01", "--device", "wasm", "--threads", "1"];

describe("featuremap bench", () => {
  test.for([
    ["train", "n1", 104_202],
    ["train", "n3", 122_570],
    ["infer", "n1", 104_202],
    ["infer", "n3", 122_570],
  ] as const)("%s %s prints objects with --json: plan, rounds, result", async ([work, network, parameters]) => {
    const { code, output, error } = await run(["bench", work, "--network", network, ...quick, "--seed", "5", "--json"]);
    expect(error).toBe("");
    expect(code).toBe(0);
    const [start, ...events] = parseLines(output);
    const plan = {
      work,
      network,
      parameters,
      batchSize: 8,
      rounds: 3,
      seed: 5,
      device: { name: "wasm" },
      threads: 1,
      binary: expect.stringMatching(/^(relaxed|simd128)$/),
      machine: { cores: expect.any(Number) },
      versions: { featuremap: "1.2.3", node: process.versions.node, "tfjs-core": "4.22.0" },
    };
    expect(start).toMatchObject({ event: "start", ...plan });
    expect(events.map(({ event }) => event)).toEqual(["round", "round", "round", "end"]);
    const end = events.at(-1);
    expect(end).toMatchObject(plan);
    const rates = events.slice(0, -1).map(({ imagesPerSecond }) => Number(imagesPerSecond));
    const sorted = rates.toSorted((a, b) => a - b);
    expect(end).toMatchObject({
      imagesPerSecond: { lowest: sorted[0], median: sorted[1], highest: sorted[2] },
      milliseconds: { highest: expect.closeTo(8000 / Number(sorted[0]), 6) },
    });
    expect(sorted[0]).toBeGreaterThan(0);
  });

  test("--kernels tells the calls, time, operations and bytes of each kernel in a step", async () => {
    const { code, output } = await run(["bench", "train", ...quick, "--kernels", "--json"]);
    expect(code).toBe(0);
    const events = parseLines(output);
    const kernels = events.filter(({ event }) => event === "kernel");
    // The first two have their pooling with them.
    const convolutions = kernels.filter(({ kernel }) => kernel === "FusedConv2D" || kernel === "FusedConv2DMaxPool");
    const forward = convolutions.map(({ operations }) => Number(operations));
    // Batch x height x width x filters, each of kernel x channels products.
    const expected = [
      [26, 32, 1],
      [11, 64, 32],
      [3, 128, 64],
    ].map(([side = 0, filters = 0, channels = 0]) => 2 * 8 * side * side * filters * 9 * channels);
    expect(new Set(forward)).toEqual(new Set(expected));
    for (const kernel of kernels) {
      expect(kernel).toMatchObject({ calls: expect.any(Number), bytes: expect.any(Number), share: expect.any(Number) });
    }
    const profile = events.find(({ event }) => event === "profile");
    const times = kernels.map(({ milliseconds }) => Number(milliseconds));
    const inside = times.reduce((sum, time) => sum + time, 0);
    expect(inside + Number(profile?.["outside"])).toBeCloseTo(Number(profile?.["milliseconds"]), 6);
    expect(Number(profile?.["outside"])).toBeGreaterThan(0);
  });

  test("prints tables for people", async () => {
    const { code, output } = await run(["bench", "infer", ...quick, "--kernels"]);
    expect(code).toBe(0);
    expect(output).toContain("Classifying with n1 (104,202 weights) in batches of 8, with synthetic images\n");
    expect(output).toMatch(
      /\n3 rounds +median +lowest +highest\nimages\/s( +[\d.,]+){3}\nms a prediction( +[\d.]+){3}\n/,
    );
    expect(output).toMatch(/\nkernel +calls +ms +share +GFLOP\/s +MB\n/);
    expect(output).toMatch(/\nFusedConv2DMaxPool 8x28x28x1 \* 3x3x1x32 +1 +[\d.]+ +[\d.]+% +[\d.]+ +[\d.]+\n/);
    expect(output).toMatch(/\noutside the kernels +[\d.]+ +[\d.]+%\nall +[\d.]+ +100\.0%\n$/);
  });

  test("Ctrl-C ends it with 130", async () => {
    const { code, output, error } = await run(["bench", "train", "--device", "wasm", "--rounds", "10000", "--json"], {
      onOutput: (_printed, interrupt) => interrupt(),
    });
    expect({ code, error }).toEqual({ code: 130, error: "featuremap: Stopped before the measurement ended.\n" });
    expect(output).not.toContain('"end"');
  });

  test("leaves no tensors behind", async () => {
    await run(["bench", "infer", "--rounds", "1", "--seconds", "0.01", "--device", "cpu", "--batch-size", "1"]);
    expect(getBackend()).toBe("cpu");
    expect(memory().numTensors).toBe(0);
  });
});
