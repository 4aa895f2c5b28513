import type { RandomStream } from "@featuremap/tensor";
import type { HostTensor } from "../../references/host-tensor.ts";
import { between, chance, draw, shapeOfRank } from "../draw.ts";
import type { KernelCheck } from "../check-kernel.ts";

/** Integers in `[low, length)`, shaped. */
function indicesBelow(random: RandomStream, shape: readonly number[], lengths: readonly number[], low = 0): HostTensor {
  const indices = draw(random, shape, "int32");
  for (const at of indices.values.keys()) {
    indices.values[at] = between(random, low, (lengths[at % lengths.length] ?? 1) - 1);
  }
  return indices;
}

/** Lengths of the axes that are indexed, and of those that are moved as a whole. */
function axes(random: RandomStream): [indexed: number[], rest: number[]] {
  const indexed = Array.from({ length: between(random, 1, 3) }, () => between(random, 1, 6));
  const rest = chance(random, 0.1) ? [between(random, 500, 2000)] : shapeOfRank(random, random.integer(3));
  return [indexed, rest.map((length) => Math.max(1, length))];
}

function running(name: string): KernelCheck {
  return {
    name,
    tolerance: { error: 4e-6, of: "number" },
    generate(random) {
      const x = draw(random, shapeOfRank(random, between(random, 1, 4)), chance(random, 0.9) ? "float32" : "int32");
      const axis = random.integer(x.shape.length);
      return {
        kernel: name,
        inputs: { x },
        attrs: { axis, exclusive: chance(random, 0.5), reverse: chance(random, 0.5) },
      };
    },
  };
}

/** Choosing and adding by index, and what runs along an axis. */
export const scattering: readonly KernelCheck[] = [
  running("Cumsum"),
  running("Cumprod"),
  {
    name: "ScatterNd",
    tolerance: { error: 4e-6, of: "number" },
    generate(random) {
      const [indexed, rest] = axes(random);
      const count = between(random, 1, chance(random, 0.1) ? 300 : 12);
      const type = chance(random, 0.8) ? "float32" : "int32";
      const inputs = {
        indices: indicesBelow(random, [count, indexed.length], indexed),
        updates: draw(random, [count, ...rest], type),
      };
      return { kernel: "ScatterNd", inputs, attrs: { shape: [...indexed, ...rest] } };
    },
  },
  {
    name: "GatherNd",
    generate(random) {
      const [indexed, rest] = axes(random);
      const picks = Array.from({ length: between(random, 1, 2) }, () => between(random, 1, 7));
      const inputs = {
        params: draw(random, [...indexed, ...rest], chance(random, 0.8) ? "float32" : "int32", "any"),
        indices: indicesBelow(random, [...picks, indexed.length], indexed),
      };
      return { kernel: "GatherNd", inputs, attrs: {} };
    },
  },
  {
    name: "UnsortedSegmentSum",
    tolerance: { error: 4e-6, of: "number" },
    generate(random) {
      const [, rest] = axes(random);
      const [count, numSegments] = [between(random, 1, 20), between(random, 1, 6)];
      const inputs = {
        x: draw(random, [count, ...rest]),
        segmentIds: indicesBelow(random, [count], [numSegments], -1),
      };
      return { kernel: "UnsortedSegmentSum", inputs, attrs: { numSegments } };
    },
  },
];
