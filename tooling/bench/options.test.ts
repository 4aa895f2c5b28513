import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { parseOptions } from "./options.mjs";

const parse = (...parameters: string[]): ReturnType<typeof parseOptions> => parseOptions(parameters, {}, "/repository");

describe("the options", () => {
  test("measure everything by default, with two threads", () => {
    const { peers, works, ownWorks, threads, rounds, seconds, out, cache } = parse();
    expect(peers.map(({ name }) => name)).toEqual([
      "pytorch",
      "keras",
      "tfjs-node",
      "tfjs-wasm",
      "onnxruntime-web",
      "one-thread",
    ]);
    expect({ works: works.length, threads, rounds, seconds }).toEqual({ works: 4, threads: 2, rounds: 7, seconds: 2 });
    expect(ownWorks.map(({ name }) => name)).toEqual(["memory", "start", "size"]);
    expect(out).toBe(resolve("/repository/runs/bench.md"));
    expect(cache).toBe(join(tmpdir(), "featuremap-bench"));
  });

  test("choose peers and works by name", () => {
    const { peers, works, ownWorks } = parse("--only", "keras,pytorch", "--works", "train-n1,size");
    expect(ownWorks.map(({ name }) => name)).toEqual(["size"]);
    expect(peers.map(({ name }) => name)).toEqual(["pytorch", "keras"]);
    expect(works.map(({ name }) => name)).toEqual(["train-n1"]);
  });

  test("take the cache from the environment", () => {
    expect(parseOptions([], { FEATUREMAP_BENCH_CACHE: "/cache" }, "/repository").cache).toBe(resolve("/cache"));
  });

  test.for([
    [["--only", "caffe"], "caffe is none of pytorch"],
    [["--works", "fly"], "fly is none of train-n1"],
    [["--rounds", "0"], "--rounds must be an integer of at least 1"],
    [["--seconds", "soon"], "--seconds must be a positive number, received soon"],
    [["--faster"], "--faster"],
  ] as const)("reject %j", ([parameters, message]) => {
    expect(() => parse(...parameters)).toThrow(message);
  });
});
