import type { RandomStream } from "@featuremap/tensor";
import { backend_util } from "@tensorflow/tfjs-core";
import { type HostTensor, between, chance, draw, pick } from "./draw.ts";
import { type KernelCase, type Operation, type RunOnCpu, inputOf } from "./operation.ts";
import { first, gradientWithoutDilation } from "./references.ts";

interface Geometry {
  readonly inputShape: number[];
  readonly filterShape: number[];
  readonly outShape: number[];
  readonly attrs: Record<string, unknown>;
}

function drawGeometry(random: RandomStream): Geometry {
  const groups = between(random, 2, 5);
  const [inputs, outputs] = [between(random, 1, 6), between(random, 1, 10)];
  const [kernelHeight, kernelWidth] = [between(random, 1, 3), between(random, 1, 3)];
  const dilations = chance(random, 0.25) ? 2 : 1;
  const strides = [1, 1].map(() => (dilations === 1 ? between(random, 1, 3) : 1));
  const side = (kernel: number): number => (kernel - 1) * dilations + 1 + random.integer(6);
  const inputShape = [
    chance(random, 0.03) ? 0 : between(random, 1, chance(random, 0.1) ? 12 : 3),
    side(kernelHeight),
    side(kernelWidth),
    groups * inputs,
  ];
  const pad = pick(random, ["same", "valid"] as const);
  const { outShape } = backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    [kernelHeight, kernelWidth, groups * inputs, groups * outputs],
    strides as [number, number],
    dilations,
    pad,
  );
  return {
    inputShape,
    filterShape: [kernelHeight, kernelWidth, inputs, groups * outputs],
    outShape,
    attrs: { strides, pad, dilations, groups, dataFormat: "NHWC" },
  };
}

/** Visits every element of a grouped filter beside the same one in a filter that joins all channels to all. */
function eachWeight(shape: readonly number[], groups: number, visit: (grouped: number, joined: number) => void): void {
  const [height = 0, width = 0, inputs = 0, filters = 0] = shape;
  for (let row = 0; row < height * width * inputs; row++) {
    const [tap, input] = [Math.floor(row / inputs), row % inputs];
    for (let filter = 0; filter < filters; filter++) {
      const group = Math.floor((filter * groups) / filters);
      visit(row * filters + filter, (tap * inputs * groups + group * inputs + input) * filters + filter);
    }
  }
}

function joinedShape([height = 0, width = 0, inputs = 0, filters = 0]: readonly number[], groups: number): number[] {
  return [height, width, inputs * groups, filters];
}

/** The filter with zeros between channels of different groups. */
function join(filter: HostTensor, groups: number): HostTensor {
  const joined = joinedShape(filter.shape, groups);
  const values = new Float32Array(joined.reduce((product, length) => product * length, 1));
  eachWeight(filter.shape, groups, (from, to) => (values[to] = filter.values[from] ?? 0));
  return { shape: joined, dtype: "float32", values };
}

function gradient(kernel: string, towards: "input" | "filter"): Operation {
  const plain = towards === "input" ? "Conv2DBackpropInput" : "Conv2DBackpropFilter";
  return {
    name: kernel,
    generate(random) {
      const { inputShape, filterShape, outShape, attrs } = drawGeometry(random);
      const dy = draw(random, outShape);
      return towards === "input"
        ? { kernel, inputs: { dy, filter: draw(random, filterShape) }, attrs: { ...attrs, inputShape } }
        : { kernel, inputs: { x: draw(random, inputShape), dy }, attrs: { ...attrs, filterShape } };
    },
    reference: (call, runOnCpu) => [
      towards === "input" ? inputReference(call, plain, runOnCpu) : filterReference(call, plain, runOnCpu),
    ],
  };
}

function inputReference(call: KernelCase, plain: string, runOnCpu: RunOnCpu): HostTensor {
  const filter = join(inputOf(call, "filter"), call.attrs["groups"] as number);
  return gradientWithoutDilation({ ...call, inputs: { dy: inputOf(call, "dy"), filter } }, plain, runOnCpu);
}

function filterReference(call: KernelCase, plain: string, runOnCpu: RunOnCpu): HostTensor {
  const { groups, filterShape } = call.attrs as { groups: number; filterShape: number[] };
  const attrs = { ...call.attrs, filterShape: joinedShape(filterShape, groups) };
  const joined = gradientWithoutDilation({ ...call, attrs }, plain, runOnCpu);
  const values = new Float32Array(filterShape.reduce((product, length) => product * length, 1));
  eachWeight(filterShape, groups, (to, from) => (values[to] = joined.values[from] ?? 0));
  return { shape: filterShape, dtype: "float32", values };
}

/** Convolution with groups, against one whose filter has zeros between them. */
export const groupedConvolution: readonly Operation[] = [
  {
    name: "GroupedConv2D",
    generate(random) {
      const { inputShape, filterShape, attrs } = drawGeometry(random);
      const bias = chance(random, 0.5) ? { bias: draw(random, filterShape.slice(-1)) } : {};
      const activation = pick(random, ["linear", "relu", "relu6", "elu", "sigmoid"]);
      const inputs = { x: draw(random, inputShape), filter: draw(random, filterShape), ...bias };
      return { kernel: "GroupedConv2D", inputs, attrs: { ...attrs, activation } };
    },
    reference(call, runOnCpu) {
      const filter = join(inputOf(call, "filter"), call.attrs["groups"] as number);
      const inputs = { ...(call.inputs as Readonly<Record<string, HostTensor>>), filter };
      return [first(runOnCpu({ ...call, kernel: "FusedConv2D", inputs }))];
    },
  },
  gradient("GroupedConv2DBackpropInput", "input"),
  gradient("GroupedConv2DBackpropFilter", "filter"),
];
