import type { RandomStream } from "@featuremap/tensor";
import type { HostTensor, NumericType } from "../../references/host-tensor.ts";
import { anyShape, between, chance, draw, pick, shapeOfRank } from "../draw.ts";
import type { KernelCheck } from "../check-kernel.ts";

function anyType(random: RandomStream): NumericType {
  return pick(random, ["float32", "float32", "float32", "int32", "bool"]);
}

function tensor(random: RandomStream, lowestRank: number, highestRank: number): HostTensor {
  return draw(random, shapeOfRank(random, between(random, lowestRank, highestRank)), anyType(random), "any");
}

/** Block lengths, and as many axes that are at least 2 long. */
function blocks(random: RandomStream): [blockShape: number[], shape: number[]] {
  const blockShape = Array.from({ length: between(random, 1, 2) }, () => between(random, 1, 3));
  return [blockShape, blockShape.map(() => between(random, 2, 7))];
}

export const shaping: readonly KernelCheck[] = [
  {
    name: "Transpose",
    generate(random) {
      const x = tensor(random, 0, 6);
      return { kernel: "Transpose", inputs: { x }, attrs: { perm: Array.from(random.permutation(x.shape.length)) } };
    },
  },
  {
    name: "PadV2",
    generate(random) {
      const x = tensor(random, 1, 5);
      const paddings = x.shape.map(() => [random.integer(3), random.integer(3)]);
      const constantValue = chance(random, 0.5) ? 0 : random.integer(2);
      return { kernel: "PadV2", inputs: { x }, attrs: { paddings, constantValue } };
    },
  },
  {
    name: "MirrorPad",
    generate(random) {
      const shape = Array.from({ length: between(random, 1, 4) }, () => between(random, 3, 6));
      const paddings = shape.map(() => [random.integer(3), random.integer(3)]);
      const x = draw(random, shape, anyType(random), "any");
      return { kernel: "MirrorPad", inputs: { x }, attrs: { paddings, mode: pick(random, ["reflect", "symmetric"]) } };
    },
  },
  {
    name: "SpaceToBatchND",
    generate(random) {
      const [blockShape, shape] = blocks(random);
      const paddings = shape.map((length, axis) => {
        const before = random.integer(3);
        const block = blockShape[axis] ?? 1;
        return [before, (block - ((length + before) % block)) % block];
      });
      const rest = Array.from({ length: random.integer(3) }, () => between(random, 1, 5));
      const x = draw(random, [between(random, 1, 3), ...shape, ...rest], anyType(random), "any");
      return { kernel: "SpaceToBatchND", inputs: { x }, attrs: { blockShape, paddings } };
    },
  },
  {
    name: "BatchToSpaceND",
    generate(random) {
      const [blockShape, shape] = blocks(random);
      const crops = shape.map(() => [random.integer(2), random.integer(2)]);
      const batch = blockShape.reduce((product, block) => product * block, between(random, 1, 3));
      const rest = Array.from({ length: random.integer(3) }, () => between(random, 1, 5));
      const x = draw(random, [batch, ...shape, ...rest], anyType(random), "any");
      return { kernel: "BatchToSpaceND", inputs: { x }, attrs: { blockShape, crops } };
    },
  },
  {
    name: "DepthToSpace",
    generate(random) {
      // The CPU backend passes integers through float32.
      const blockSize = between(random, 2, 3);
      const [batch, height, width] = [between(random, 1, 3), between(random, 1, 9), between(random, 1, 9)];
      const x = draw(random, [batch, height, width, blockSize ** 2 * between(random, 1, 3)], "float32", "any");
      return { kernel: "DepthToSpace", inputs: { x }, attrs: { blockSize, dataFormat: "NHWC" } };
    },
  },
  {
    name: "FlipLeftRight",
    generate(random) {
      const image = draw(random, shapeOfRank(random, 4), "float32", "any");
      return { kernel: "FlipLeftRight", inputs: { image }, attrs: {} };
    },
  },
  {
    name: "Slice",
    generate(random) {
      const x = tensor(random, 1, 5);
      const begin = x.shape.map((length) => random.integer(length + 1));
      const size = x.shape.map((length, axis) =>
        chance(random, 0.2) ? -1 : random.integer(length - (begin[axis] ?? 0) + 1),
      );
      return { kernel: "Slice", inputs: { x }, attrs: { begin, size } };
    },
  },
  {
    name: "StridedSlice",
    generate(random) {
      const x = tensor(random, 1, 4);
      const strides = x.shape.map(() => pick(random, [1, 1, 2, 3, -1, -2]));
      // The CPU backend fails where a slice runs against its stride, which is an empty one.
      const bounds = x.shape.map((length, axis) => {
        const [one, other] = [random.integer(length + 1), random.integer(length + 1)];
        const ordered = [Math.min(one, other), Math.max(one, other)];
        return (strides[axis] ?? 1) > 0 ? ordered : ordered.toReversed();
      });
      const attrs = {
        begin: bounds.map(([begin = 0]) => begin),
        end: bounds.map(([, end = 0]) => end),
        strides,
        beginMask: random.integer(4),
        endMask: random.integer(4),
        ellipsisMask: 0,
        newAxisMask: 0,
        shrinkAxisMask: 0,
      };
      return { kernel: "StridedSlice", inputs: { x }, attrs };
    },
  },
  {
    name: "Concat",
    generate(random) {
      const shape = shapeOfRank(random, between(random, 1, 4));
      const axis = random.integer(shape.length);
      const type = anyType(random);
      const inputs = Array.from({ length: between(random, 1, 4) }, () =>
        draw(random, shape.with(axis, random.integer(6)), type, "any"),
      );
      return { kernel: "Concat", inputs, attrs: { axis } };
    },
  },
  {
    name: "Pack",
    generate(random) {
      const shape = anyShape(random, 4);
      const type = anyType(random);
      const inputs = Array.from({ length: between(random, 1, 4) }, () => draw(random, shape, type, "any"));
      return { kernel: "Pack", inputs, attrs: { axis: random.integer(shape.length + 1) } };
    },
  },
  {
    name: "Unpack",
    generate(random) {
      const value = tensor(random, 1, 4);
      return { kernel: "Unpack", inputs: { value }, attrs: { axis: random.integer(value.shape.length) } };
    },
  },
  {
    name: "SplitV",
    generate(random) {
      const sizes = Array.from({ length: between(random, 1, 4) }, () => random.integer(5));
      const shape = shapeOfRank(random, between(random, 1, 4));
      const axis = random.integer(shape.length);
      const total = sizes.reduce((sum, size) => sum + size, 0);
      const x = draw(random, shape.with(axis, total), anyType(random), "any");
      return { kernel: "SplitV", inputs: { x }, attrs: { numOrSizeSplits: sizes, axis } };
    },
  },
  {
    name: "GatherV2",
    generate(random) {
      const shape = shapeOfRank(random, between(random, 1, 4)).map((length) => Math.max(1, length));
      const x = draw(random, shape, anyType(random), "any");
      const batchDims = chance(random, 0.3) ? random.integer(shape.length) : 0;
      const axis = between(random, batchDims, shape.length - 1);
      const rest = Array.from({ length: between(random, batchDims === 0 ? 0 : 1, 2) }, () => between(random, 1, 5));
      const indices = draw(random, [...shape.slice(0, batchDims), ...rest], "int32");
      for (const index of indices.values.keys()) indices.values[index] = random.integer(shape[axis] ?? 1);
      return { kernel: "GatherV2", inputs: { x, indices }, attrs: { axis, batchDims } };
    },
  },
  {
    name: "OneHot",
    generate(random) {
      const depth = between(random, 1, 12);
      const indices = draw(random, anyShape(random, 3), "int32");
      const attrs = { depth, onValue: random.integer(3), offValue: random.integer(2), dtype: anyType(random) };
      return { kernel: "OneHot", inputs: { indices }, attrs };
    },
  },
  {
    name: "Tile",
    generate(random) {
      const x = tensor(random, 1, 4);
      return { kernel: "Tile", inputs: { x }, attrs: { reps: x.shape.map(() => between(random, 1, 3)) } };
    },
  },
  {
    name: "Reverse",
    generate(random) {
      const x = tensor(random, 1, 4);
      return { kernel: "Reverse", inputs: { x }, attrs: { dims: [random.integer(x.shape.length)] } };
    },
  },
  {
    name: "Reshape",
    generate(random) {
      const x = tensor(random, 0, 5);
      return { kernel: "Reshape", inputs: { x }, attrs: { shape: [x.values.length] } };
    },
  },
  {
    name: "ExpandDims",
    generate(random) {
      const input = tensor(random, 0, 4);
      return { kernel: "ExpandDims", inputs: { input }, attrs: { dim: random.integer(input.shape.length + 1) } };
    },
  },
  {
    name: "Fill",
    generate(random) {
      const dtype = anyType(random);
      const value = dtype === "float32" ? random.normal() : random.integer(2);
      return { kernel: "Fill", inputs: {}, attrs: { shape: anyShape(random), value, dtype } };
    },
  },
];
