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
      "pytorch-installed",
      "keras",
      "keras-installed",
      "tfjs-node",
      "tfjs-node-installed",
      "onnxruntime-node",
      "onnxruntime-node-installed",
      "tfjs-wasm",
      "onnxruntime-web",
      "jax-js",
      "one-thread",
    ]);
    expect({ works: works.length, threads, rounds, seconds }).toEqual({
      works: 12,
      threads: 2,
      rounds: 5,
      seconds: 0.4,
    });
    expect(ownWorks.map(({ name }) => name)).toEqual(["memory", "start", "size"]);
    expect(out).toBe(resolve("/repository/runs/bench"));
    expect(cache).toBe(join(tmpdir(), "featuremap-bench"));
  });

  test("choose peers and works by name", () => {
    const { peers, works, ownWorks } = parse("--peers", "keras,tfjs-wasm", "--works", "train-n1,size");
    expect(ownWorks.map(({ name }) => name)).toEqual(["size"]);
    expect(peers.map(({ name }) => name)).toEqual(["keras", "keras-installed", "tfjs-wasm"]);
    expect(works.map(({ name }) => name)).toEqual(["train-n1"]);
  });

  test("choose networks by name", () => {
    expect(parse("--networks", "resnet20").works.map(({ name }) => name)).toEqual([
      "train-resnet20",
      "predict-resnet20-64",
      "predict-resnet20-1",
    ]);
  });

  test("take the cache from the environment", () => {
    expect(parseOptions([], { FEATUREMAP_BENCH_CACHE: "/cache" }, "/repository").cache).toBe(resolve("/cache"));
  });

  test.for([
    [["--peers", "caffe"], "caffe is none of pytorch"],
    [["--networks", "vgg"], "vgg is none of n1"],
    [["--publish", "--networks", "n1"], "--publish takes everything"],
    [["--works", "fly"], "fly is none of train-n1"],
    [["--rounds", "0"], "--rounds must be an integer of at least 1"],
    [["--seconds", "soon"], "--seconds must be a positive number, received soon"],
    [["--faster"], "--faster"],
  ] as const)("reject %j", ([parameters, message]) => {
    expect(() => parse(...parameters)).toThrow(message);
  });
});
