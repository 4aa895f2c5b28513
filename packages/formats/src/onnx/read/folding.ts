import { broadcastShapes, sizeOf, stridesOf } from "@featuremap/tensor";
import { plainOrder } from "../layouts.ts";
import type { NodeReader, NodeUse } from "./node-use.ts";
import { checkSize, expanded, like, pick, reshapedConstant, transposed } from "./constant-arrays.ts";
import { foldedReductions } from "./folding-reductions.ts";
import { foldedQuantizations } from "./folding-quantization.ts";
import { type Constant, integers, readConstant } from "./constants.ts";
import { axisOf, resolveTarget, sliceBounds, squeezedAxes, unsqueezed } from "./lengths.ts";

function operand(use: NodeUse, index: number): Constant {
  return use.constant(index) ?? use.refuse(`input ${index} left out`);
}

function binary(compute: (a: number, b: number, isInteger: boolean) => number): NodeReader {
  return (use) => {
    const [a, b] = [operand(use, 0), operand(use, 1)];
    const shape = broadcastShapes(a.shape, b.shape).map((length) => length ?? 0);
    const [left, right] = [expanded(use, a, shape), expanded(use, b, shape)];
    const isInteger = a.isInteger && b.isInteger;
    const values = Array.from(left.values, (value, index) => compute(value, right.values[index] ?? 0, isInteger));
    return like({ ...a, isInteger }, values, shape);
  };
}

function unary(compute: (x: number) => number): NodeReader {
  return (use) => {
    const x = operand(use, 0);
    return like(x, Array.from(x.values, compute), x.shape);
  };
}

/** With the sign of the divisor. */
const modulo = binary((a, b) => a - Math.floor(a / b) * b);
/** With the sign of the dividend. */
const remainder = binary((a, b) => a % b);

const comparison = (compute: (a: number, b: number) => boolean): NodeReader => binary((a, b) => Number(compute(a, b)));

const gatherElements: NodeReader = (use) => {
  const [data, indices] = [operand(use, 0), operand(use, 1)];
  const axis = axisOf(use, use.number("axis", 0), data.shape.length);
  const length = data.shape[axis] ?? 0;
  const [before, after] = [sizeOf(data.shape.slice(0, axis)), sizeOf(data.shape.slice(axis + 1))];
  const shape = [...data.shape.slice(0, axis), ...indices.shape, ...data.shape.slice(axis + 1)];
  checkSize(use, shape);
  const values: number[] = [];
  for (let outer = 0; outer < before; outer++) {
    for (const index of indices.values) {
      const at = index < 0 ? index + length : index;
      if (!(at >= 0 && at < length)) return use.refuse(`index ${index} of ${length}`);
      for (let inner = 0; inner < after; inner++) values.push(data.values[(outer * length + at) * after + inner] ?? 0);
    }
  }
  return like(data, values, shape);
};

const concat: NodeReader = (use) => {
  const parts = use.inputs.map((_, index) => operand(use, index));
  const [first] = parts;
  if (first === undefined) return use.refuse("no inputs");
  const axis = axisOf(use, use.number("axis", 0), first.shape.length);
  const outer = sizeOf(first.shape.slice(0, axis));
  const total = parts.reduce((sum, { shape }) => sum + (shape[axis] ?? 0), 0);
  const shape = first.shape.map((length, index) => (index === axis ? total : length));
  checkSize(use, shape);
  const values: number[] = [];
  for (let row = 0; row < outer; row++) {
    for (const part of parts) {
      const count = sizeOf(part.shape.slice(axis));
      for (let index = 0; index < count; index++) values.push(part.values[row * count + index] ?? 0);
    }
  }
  return like(first, values, shape);
};

const slice: NodeReader = (use) => {
  const data = operand(use, 0);
  const starts = use.numbers(1, "starts") ?? use.refuse("no starts");
  const ends = use.numbers(2, "ends") ?? use.refuse("no ends");
  const axes = use.numbers(3, "axes") ?? starts.map((_, index) => index);
  const steps = use.numbers(4, "steps") ?? starts.map(() => 1);
  const own = stridesOf(data.shape);
  const shape = [...data.shape];
  const strideOf = [...own];
  let offset = 0;
  for (const [index, given] of axes.entries()) {
    const axis = axisOf(use, given, data.shape.length);
    const step = steps[index] ?? 1;
    if (step === 0) return use.refuse("steps of 0");
    const bounds = sliceBounds(starts[index] ?? 0, ends[index] ?? 0, step, data.shape[axis] ?? 0);
    shape[axis] = bounds.count;
    strideOf[axis] = step * (own[axis] ?? 0);
    offset += bounds.start * (own[axis] ?? 0);
  }
  return pick(data, shape, offset, strideOf);
};

const range: NodeReader = (use) => {
  const [start, limit, delta] = [0, 1, 2].map((index) => operand(use, index).values[0] ?? 0);
  const count = Math.max(0, Math.ceil(((limit ?? 0) - (start ?? 0)) / (delta ?? 1)));
  if (Number.isNaN(limit ?? 0) && start === 0)
    return { kind: "places", stride: delta ?? 1, offsets: integers([0]), axis: 0 };
  if (!Number.isFinite(count)) return use.refuse("a range that is open");
  checkSize(use, [count]);
  const values = Array.from({ length: count }, (_, index) => (start ?? 0) + index * (delta ?? 1));
  return like(operand(use, 0), values, [count]);
};

/** ONNX's number of the type. */
const boolean = 9;
const isTrue = (x: number): number => Number(x !== 0);

function cast(use: NodeUse, isInteger: boolean): Constant {
  const x = operand(use, 0);
  const values = isInteger && !x.isInteger ? Array.from(x.values, Math.trunc) : x.values;
  return like({ ...x, isInteger }, values, x.shape);
}

const clip: NodeReader = (use) => {
  const x = operand(use, 0);
  const limit = (index: number, name: string, usual: number): number =>
    use.opset < 11 ? use.number(name, usual) : (use.constant(index)?.values[0] ?? usual);
  const [low, high] = [limit(1, "min", Number.NEGATIVE_INFINITY), limit(2, "max", Number.POSITIVE_INFINITY)];
  return like(
    x,
    Array.from(x.values, (value) => Math.min(Math.max(value, low), high)),
    x.shape,
  );
};

/** Operators on constants, which leave nothing to be computed later. */
export const foldings: ReadonlyMap<string, NodeReader> = new Map<string, NodeReader>([
  ["Add", binary((a, b) => a + b)],
  ["Sub", binary((a, b) => a - b)],
  ["Mul", binary((a, b) => a * b)],
  ["Div", binary((a, b, isInteger) => (isInteger ? Math.trunc(a / b) : a / b))],
  ["Pow", binary((a, b) => a ** b)],
  ["Max", binary((a, b) => Math.max(a, b))],
  ["Min", binary((a, b) => Math.min(a, b))],
  ["Mod", (use) => (use.number("fmod", 0) === 1 ? remainder : modulo)(use)],
  ["Equal", comparison((a, b) => a === b)],
  ["Greater", comparison((a, b) => a > b)],
  ["Less", comparison((a, b) => a < b)],
  ["GreaterOrEqual", comparison((a, b) => a >= b)],
  ["LessOrEqual", comparison((a, b) => a <= b)],
  ["And", comparison((a, b) => a !== 0 && b !== 0)],
  ["Or", comparison((a, b) => a !== 0 || b !== 0)],
  ["Xor", comparison((a, b) => (a !== 0) !== (b !== 0))],
  ["Not", unary((x) => Number(x === 0))],
  ["Neg", unary((x) => -x)],
  ["Abs", unary(Math.abs)],
  ["Sqrt", unary(Math.sqrt)],
  ["Exp", unary(Math.exp)],
  ["Log", unary(Math.log)],
  ["Reciprocal", unary((x) => 1 / x)],
  ["Floor", unary(Math.floor)],
  ["Ceil", unary(Math.ceil)],
  ["Clip", clip],
  ["Sign", unary(Math.sign)],
  ["Relu", unary((x) => Math.max(x, 0))],
  ["Sigmoid", unary((x) => 1 / (1 + Math.exp(-x)))],
  ["Tanh", unary(Math.tanh)],
  ["Softplus", unary((x) => Math.log1p(Math.exp(x)))],
  ...foldedQuantizations,
  ["CastLike", (use) => cast(use, operand(use, 1).isInteger)],
  ...foldedReductions,
  ["Identity", (use) => operand(use, 0)],
  ["Dropout", (use) => operand(use, 0)],
  [
    "Cast",
    (use) => {
      const x = operand(use, 0);
      const type = use.number("to", 1);
      const isInteger = ![1, 10, 11, 16].includes(type);
      if (type === boolean) return like({ ...x, isInteger }, Array.from(x.values, isTrue), x.shape);
      return cast(use, isInteger);
    },
  ],
  ["Gather", gatherElements],
  ["Concat", concat],
  ["Slice", slice],
  ["Range", range],
  [
    "Shape",
    (use) => {
      const { shape } = operand(use, 0);
      return integers(shape.slice(use.number("start", 0), use.number("end", shape.length)));
    },
  ],
  [
    "Size",
    (use) => ({
      ...operand(use, 0),
      shape: [],
      isInteger: true,
      values: Float64Array.of(sizeOf(operand(use, 0).shape)),
    }),
  ],
  [
    "Transpose",
    (use) => transposed(operand(use, 0), use.list("perm", plainOrder(operand(use, 0).shape.length).toReversed())),
  ],
  [
    "Reshape",
    (use) => {
      const x = operand(use, 0);
      return reshapedConstant(x, resolveTarget(use, use.numbers(1, "shape") ?? [], x.shape));
    },
  ],
  [
    "Squeeze",
    (use) => {
      const x = operand(use, 0);
      const axes = squeezedAxes(use, x.shape);
      return reshapedConstant(
        x,
        x.shape.filter((_, axis) => !axes.includes(axis)),
      );
    },
  ],
  ["Unsqueeze", (use) => reshapedConstant(operand(use, 0), unsqueezed(use, operand(use, 0).shape, 1))],
  [
    "Flatten",
    (use) => {
      const x = operand(use, 0);
      const axis = use.number("axis", 1);
      return reshapedConstant(x, [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis))]);
    },
  ],
  [
    "Expand",
    (use) => {
      const x = operand(use, 0);
      const target = [...operand(use, 1).values];
      return expanded(
        use,
        x,
        broadcastShapes(x.shape, target).map((length) => length ?? 0),
      );
    },
  ],
  [
    "ConstantOfShape",
    (use) => {
      const shape = [...operand(use, 0).values];
      const size = checkSize(use, shape);
      const value = use.node.attributes.get("value");
      const filler =
        typeof value === "object" && value !== null && "type" in value
          ? readConstant(value, use.reading.source)
          : undefined;
      const number = filler?.values[0] ?? 0;
      const values = new Array<number>(size).fill(number);
      return like(
        { kind: "constant", shape, isInteger: filler?.isInteger ?? false, values: new Float32Array() },
        values,
        shape,
      );
    },
  ],
  [
    "Where",
    (use) => {
      const [condition, a, b] = [operand(use, 0), operand(use, 1), operand(use, 2)];
      const shape = broadcastShapes(broadcastShapes(condition.shape, a.shape), b.shape).map((length) => length ?? 0);
      const [test, yes, no] = [condition, a, b].map((entry) => expanded(use, entry, shape));
      return like(
        a,
        Array.from(test?.values ?? [], (value, index) => (value === 0 ? no : yes)?.values[index] ?? 0),
        shape,
      );
    },
  ],
]);
