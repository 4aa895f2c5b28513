import { openDevice } from "@featuremap/devices";
import {
  AveragePooling2D,
  Conv2D,
  type Conv2DConfig,
  type Layer,
  MaxPooling2D,
  registerGradients,
} from "@featuremap/layers";
import { RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect, test } from "vitest";

/** What networks for images are made of, with its gradients: the CPU's values on the wasm engine, none computed there. */
interface Case {
  readonly name: string;
  /** Shapes of the inputs, which are differentiated like weights. */
  readonly shapes: readonly (readonly number[])[];
  readonly compute: (...inputs: tf.Tensor[]) => tf.Tensor;
  readonly makeLayer?: () => Layer;
}

/** Kernels that pass values on as they are, and one that writes a few numbers which say where to look. */
const UNCOUNTED = new Set(["Identity", "Reshape", "ExpandDims", "Range"]);
const IMAGES = [2, 9, 8, 6];

/** TensorFlow.js's operations want ranks in their inputs' types. */
function of(name: string, shapes: Case["shapes"], compute: (...inputs: never[]) => tf.Tensor): Case {
  return { name, shapes, compute: compute as Case["compute"] };
}

function layer(name: string, makeLayer: () => Layer, shape = IMAGES): Case {
  return { name, shapes: [shape], makeLayer, compute: (x) => x };
}

function convolution(name: string, config: Partial<Conv2DConfig>, shape = IMAGES): Case {
  return layer(name, () => new Conv2D({ filters: 6, kernelSize: 3, padding: "same", ...config }), shape);
}

type Image = tf.Tensor4D;
const indices = (): tf.Tensor1D => tf.tensor1d([3, 0, 3, 5, 1], "int32");
const filter = [3, 3, 6, 4];

const cases: readonly Case[] = [
  convolution("convolution with strides", { strides: 2, activation: "relu" }),
  convolution("dilated convolution", { dilationRate: 2, activation: "relu6" }),
  convolution("convolution of groups", { groups: 3, activation: "relu" }),
  convolution("dilated convolution of groups", { groups: 2, dilationRate: [1, 2] }),
  convolution("convolution of single channels", { groups: 6, filters: 12 }),
  convolution("convolution, channels first", { dataFormat: "channelsFirst" }, [2, 6, 9, 8]),
  ...(
    ["leakyRelu", "elu", "selu", "gelu", "silu", "sigmoid", "tanh", "softmax", "softplus", "hardSigmoid"] as const
  ).map((activation) => convolution(`convolution with ${activation}`, { activation })),
  layer("maximum pooling, channels first", () => new MaxPooling2D({ poolSize: 3, dataFormat: "channelsFirst" })),
  layer("average pooling, padded", () => new AveragePooling2D({ poolSize: 3, strides: 2, padding: "same" })),
  of("tf.conv2d, dilated", [IMAGES, filter], (x: Image, w: Image) => tf.conv2d(x, w, 1, "same", "NHWC", 2)),
  of("tf.conv2d, channels first", [[2, 6, 9, 8], filter], (x: Image, w: Image) => tf.conv2d(x, w, 2, 1, "NCHW")),
  of(
    "tf.conv1d, dilated",
    [
      [2, 9, 6],
      [3, 6, 4],
    ],
    (x: tf.Tensor3D, w: tf.Tensor3D) => tf.conv1d(x, w, 1, "valid", "NWC", 2),
  ),
  of("tf.conv2dTranspose", [IMAGES, [3, 3, 4, 6]], (x: Image, w: Image) =>
    tf.conv2dTranspose(x, w, [2, 18, 16, 4], 2, "same"),
  ),
  of("tf.depthwiseConv2d, dilated", [IMAGES, [3, 3, 6, 2]], (x: Image, w: Image) =>
    tf.depthwiseConv2d(x, w, 1, "same", "NHWC", 2),
  ),
  of("tf.separableConv2d", [IMAGES, [3, 3, 6, 1], [1, 1, 6, 5]], (x: Image, depth: Image, point: Image) =>
    tf.separableConv2d(x, depth, point, 2, "same"),
  ),
  ...[0, 1, 2, 3].map((which) => {
    const [a, b] = [(which & 1) === 1, (which & 2) === 2];
    const shapes = [a ? [2, 5, 7] : [2, 7, 5], b ? [2, 9, 5] : [2, 5, 9]];
    return of(`tf.matMul, transposed ${a} ${b}`, shapes, (x: tf.Tensor, y: tf.Tensor) => tf.matMul(x, y, a, b));
  }),
  of(
    "tf.matMul, batches broadcast",
    [
      [3, 2, 4, 5],
      [2, 5, 3],
    ],
    (a: tf.Tensor, b: tf.Tensor) => tf.matMul(a, b),
  ),
  of("tf.pool, dilated", [IMAGES], (x: Image) => tf.pool(x, 2, "max", "valid", 2, 1)),
  of("tf.prelu", [IMAGES, [6]], (x: tf.Tensor, alpha: tf.Tensor) => tf.prelu(x, alpha)),
  of("tf.logSoftmax", [[7, 5]], (x: tf.Tensor) => tf.logSoftmax(x)),
  ...Object.entries({ add: tf.add, sub: tf.sub, mul: tf.mul, div: tf.div, max: tf.maximum, min: tf.minimum }).map(
    ([name, compute]) => of(`${name}, broadcast`, [IMAGES, [8, 1]], (a: tf.Tensor, b: tf.Tensor) => compute(a, b)),
  ),
  of("tf.pow, broadcast", [IMAGES, [8, 1]], (a: tf.Tensor, b: tf.Tensor) => tf.pow(tf.add(tf.abs(a), 1), b)),
  ...Object.entries({ sum: tf.sum, mean: tf.mean, max: tf.max, prod: tf.prod }).map(([name, compute]) =>
    of(`tf.${name}`, [IMAGES], (x: tf.Tensor) => compute(x, [1, 3])),
  ),
  of("tf.cumsum", [IMAGES], (x: tf.Tensor) => tf.cumsum(x, 1, true, true)),
  of("tf.transpose", [IMAGES], (x: tf.Tensor) => tf.transpose(x, [0, 3, 1, 2])),
  of("tf.pad", [IMAGES], (x: Image) =>
    tf.pad(
      x,
      [
        [0, 0],
        [1, 2],
        [2, 0],
        [0, 0],
      ],
      3,
    ),
  ),
  ...(["reflect", "symmetric"] as const).map((mode) =>
    of(`tf.mirrorPad, ${mode}`, [IMAGES], (x: Image) =>
      tf.mirrorPad(
        x,
        [
          [0, 0],
          [1, 2],
          [2, 0],
          [0, 0],
        ],
        mode,
      ),
    ),
  ),
  of("tf.slice", [IMAGES], (x: Image) => tf.slice(x, [0, 1, 2, 0], [2, 5, 4, 3])),
  of("tf.concat", [IMAGES, [2, 9, 8, 3]], (a: tf.Tensor, b: tf.Tensor) => tf.concat([a, b], 3)),
  of("tf.split and tf.stack", [IMAGES], (x: tf.Tensor) => tf.stack(tf.split(x, 2, 3), 1)),
  of("tf.unstack", [IMAGES], (x: tf.Tensor) => tf.addN(tf.unstack(x, 3))),
  of("tf.tile", [IMAGES], (x: Image) => tf.tile(x, [1, 2, 1, 3])),
  of("tf.reverse", [IMAGES], (x: Image) => tf.reverse(x, [1, 2])),
  of("tf.gather", [[6, 5]], (x: tf.Tensor) => tf.gather(x, indices())),
  of("tf.gather along the second axis", [[4, 6, 5]], (x: tf.Tensor) => tf.gather(x, indices(), 1)),
  of("tf.unsortedSegmentSum", [[5, 4]], (x: tf.Tensor) => tf.unsortedSegmentSum(x, indices(), 6)),
  of("tf.where", [IMAGES, IMAGES], (a: tf.Tensor, b: tf.Tensor) => tf.where(tf.greater(a, b), a, tf.mul(b, 2))),
  of("tf.clipByValue", [IMAGES], (x: tf.Tensor) => tf.clipByValue(x, -0.5, 1)),
  of("tf.oneHot", [[5, 6]], (x: tf.Tensor) => tf.mul(x, tf.oneHot(indices(), 6))),
  of("tf.image.resizeBilinear", [IMAGES], (x: Image) => tf.image.resizeBilinear(x, [12, 5])),
  of("tf.image.resizeNearestNeighbor", [IMAGES], (x: Image) => tf.image.resizeNearestNeighbor(x, [12, 5])),
  of("tf.image.resizeBilinear of bytes", [IMAGES], (x: Image) =>
    tf.add(tf.image.resizeBilinear(tf.cast(tf.mul(x, 100), "int32"), [9, 8]), x),
  ),
  of("layer normalization, composed", [[7, 5], [5]], (x: tf.Tensor, scale: tf.Tensor) => {
    const { mean, variance } = tf.moments(x, 1, true);
    return tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 0.001))), scale);
  }),
];

/** Output and gradients towards inputs and weights, and the kernels of the CPU backend that took part. */
function run({ shapes, compute, makeLayer }: Case): { readonly results: number[][]; readonly onCpu: string[] } {
  const random = new RandomStream(5);
  const inputs = shapes.map((shape) => {
    const values = Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, () => random.normal());
    return tf.tidy(() => tf.variable(tf.tensor(values, [...shape])));
  });
  const made = makeLayer?.();
  made?.build([...(shapes[0] ?? [])], new RandomStream(3));
  const weights = (made?.weights ?? []).map(({ variable }) => variable);
  const output = (): tf.Tensor => made?.call(inputs[0] ?? tf.scalar(0), { training: true }) ?? compute(...inputs);
  called.length = 0;
  const results = tf.tidy(() => {
    const { grads } = tf.variableGrads(() => tf.sum(tf.square(output())), [...inputs, ...weights]);
    return [output(), ...Object.values(grads)].map((result) => [...result.dataSync()]);
  });
  const onCpu = [...new Set(called)].filter((name) => !UNCOUNTED.has(name));
  tf.dispose(inputs);
  made?.dispose();
  return { results, onCpu };
}

/** Kernels of the CPU backend that ran, in order. */
const called: string[] = [];
const expected = new Map<string, number[][]>();
let device: Awaited<ReturnType<typeof openDevice>> | undefined;

beforeAll(async () => {
  registerGradients();
  const cpu = await openDevice("cpu");
  for (const config of tf.getKernelsForBackend("cpu")) {
    tf.unregisterKernel(config.kernelName, "cpu");
    tf.registerKernel({
      ...config,
      kernelFunc: (call) => {
        called.push(config.kernelName);
        return config.kernelFunc(call);
      },
    });
  }
  for (const each of cases) expected.set(each.name, run(each).results);
  await cpu.dispose();
  device = await openDevice("wasm", { threads: 2 });
});

afterAll(async () => {
  expect(tf.memory().numTensors).toBe(0);
  await device?.dispose();
});

test.for(cases.map((each) => [each.name, each] as const))("%s", ([name, each]) => {
  const { results, onCpu } = run(each);
  expect(onCpu).toEqual([]);
  const wanted = expected.get(name) ?? [];
  expect(results.map(({ length }) => length)).toEqual(wanted.map(({ length }) => length));
  for (const [index, values] of wanted.entries()) {
    const scale = Math.max(1, ...values.map((value) => Math.abs(value)));
    const errors = values.map((value, at) => Math.abs(value - (results[index]?.[at] ?? Number.NaN)));
    expect(Math.max(...errors) / scale).toBeLessThan(1e-5);
  }
});
