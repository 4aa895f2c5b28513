import type { RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { WasmBackend } from "../engine/backend.ts";

/** Most images that a program holds, and the elements from which on they are halved. */
const MOST_HELD = 12;
const LARGE = 40_000;

/** What a program does: its operations follow from the stream and the shapes alone, never from values or threads. */
export interface ProgramOptions {
  readonly steps: number;
  /** Whether to take gradients towards filters, whose sums are cut into as many parts as there are threads. */
  readonly filterGradients: boolean;
}

interface State {
  readonly random: RandomStream;
  readonly images: tf.Tensor4D[];
  readonly weights: tf.Variable<tf.Rank.R2>[];
  readonly slots: tf.Tensor[];
  /** What was read on the way. */
  readonly read: tf.TypedArray[];
}

/** A step takes one of the images, which it leaves as it is, and may make another. */
type Step = (x: tf.Tensor4D, state: State) => tf.Tensor | void | Promise<void>;

function backend(): WasmBackend {
  return tf.backend() as WasmBackend;
}

/** Values from the host, some of them not numbers. */
function draw(shape: readonly number[], { random }: State): tf.Tensor {
  const values = Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, () => random.normal());
  if (random.integer(20) === 0 && values.length > 0) values[random.integer(values.length)] = Number.NaN;
  return tf.tensor(values, [...shape]);
}

function drawImage(state: State): tf.Tensor4D {
  const { random } = state;
  const channels = [1, 3, 4, 16, 24][random.integer(5)] ?? 1;
  return draw([1 + random.integer(4), 4 + random.integer(14), 4 + random.integer(14), channels], state) as tf.Tensor4D;
}

function run(kernel: string, inputs: Record<string, tf.Tensor>, attrs: object): tf.Tensor[] {
  return [tf.engine().runKernel<tf.Tensor | tf.Tensor[]>(kernel, inputs, attrs as tf.NamedAttrMap)].flat();
}

/** Of any shape, an image. */
function toImage(x: tf.Tensor): tf.Tensor4D {
  const [a = 1, b = 1, c = 1, d = 1] = x.shape;
  return tf.reshape<tf.Rank.R4>(x, x.rank === 4 ? [a, b, c, d] : [1, Math.max(1, a), 1, x.size / Math.max(1, a)]);
}

/** Indices that a queued job makes. */
function indicesBelow(length: number, count: number, { random }: State): tf.Tensor {
  const halves = Float32Array.from({ length: count }, () => random.integer(length) / 2);
  return tf.cast(tf.mul(tf.tensor1d(halves), 2), "int32");
}

function pooledConvolution(x: tf.Tensor4D, state: State, gradients: boolean): tf.Tensor {
  const [, , , channels] = x.shape;
  const filter = draw([3, 3, channels, 16], state);
  const attrs = { strides: [1, 1], pad: "same", dilations: 1, dataFormat: "NHWC", activation: "relu", notes: true };
  const [y, choice] = run("FusedConv2DMaxPool", { x, filter, bias: draw([16], state) }, attrs) as [
    tf.Tensor,
    tf.Tensor,
  ];
  if (!gradients) return y;
  const inputs = { dy: y, y, choice };
  const [dw, db] = run("FusedConv2DMaxPoolBackpropFilter", { x, ...inputs }, { ...attrs, filterShape: filter.shape });
  const [dx] = run("FusedConv2DMaxPoolBackpropInput", { ...inputs, filter }, { ...attrs, inputShape: x.shape });
  return tf.add(tf.mul(dx as tf.Tensor, tf.mean(dw as tf.Tensor)), tf.sum(db as tf.Tensor));
}

const steps: readonly Step[] = [
  (x) => tf.sub(tf.exp(tf.neg(tf.square(x))), tf.tanh(x)),
  (x, state) => tf.add(tf.mul(x, draw([x.shape[3]], state)), draw([x.shape[1], 1, 1], state)),
  (x, state) => tf.conv2d(x, draw([3, 3, x.shape[3], 16], state) as tf.Tensor4D, 1, "same"),
  (x, state) => tf.conv2d(x, draw([5, 3, x.shape[3], 6], state) as tf.Tensor4D, 2, "same"),
  (x, state) => tf.depthwiseConv2d(x, draw([3, 3, x.shape[3], 1], state) as tf.Tensor4D, 1, "same"),
  (x, state) => pooledConvolution(x, state, false),
  (x) => tf.maxPool(x, 2, 2, "same"),
  (x) => tf.avgPool(x, 3, 1, "same"),
  (x) => tf.image.resizeBilinear(x, [x.shape[1] + 3, x.shape[2] + 1]),
  (x) => tf.image.resizeNearestNeighbor(x, [5, 2 * x.shape[2]]),
  (x) => tf.transpose(x, [0, 2, 1, 3]),
  (x) => tf.concat([x, tf.reverse(x, 2)], 0),
  (x) =>
    tf.pad(
      x,
      [
        [0, 0],
        [1, 2],
        [0, 1],
        [0, 0],
      ],
      0.5,
    ),
  (x) => tf.slice(x, [0, 1, 0, 0], [-1, x.shape[1] - 2, -1, -1]),
  (x) => tf.tile(x, [1, 1, 2, 1]),
  (x) => tf.cumsum(x, 1),
  (x) => tf.softmax(x),
  (x) => tf.batchNorm(x, tf.mean(x, [0, 1, 2]), tf.moments(x, [0, 1, 2]).variance),
  (x) => tf.where(tf.greater(x, tf.mean(x)), x, tf.zerosLike(x)),
  (x) => tf.cast(tf.cast(tf.mul(x, 10), "int32"), "float32"),
  // Rows by indices that were computed a moment ago.
  (x) => {
    const best = tf.argMax(tf.reshape(x, [x.shape[1], -1]), 1);
    return tf.gather(x, tf.cast(tf.mod(best, tf.scalar(x.shape[0], "int32")), "int32"), 0);
  },
  (x, state) => tf.gatherND(x, tf.reshape(indicesBelow(x.shape[0], 3, state), [3, 1])),
  (x, state) => tf.scatterND(tf.reshape(indicesBelow(6, x.shape[0], state), [-1, 1]), x, [6, ...x.shape.slice(1)]),
  (x, state) => tf.unsortedSegmentSum(x, indicesBelow(3, x.shape[0], state) as tf.Tensor1D, 3),
  (x, state) => tf.matMul(tf.reshape(x, [-1, x.shape[3]]), draw([x.shape[3], 9], state)),
  // By the CPU backend's kernels, which read views of the memory and write host arrays.
  (x) => tf.localResponseNormalization(x, 1),
  (x) => tf.topk(x, 1).values,
  (x) => tf.add(tf.real(tf.complex(tf.square(x), x)), tf.imag(tf.complex(x, tf.relu(x)))),
  (x) => tf.reshape(tf.clone(x), [x.shape[0], x.shape[2], x.shape[1], x.shape[3]]),
  // Values of all sizes on their way in, beyond the halves of what they pass through too.
  (x, state) => {
    const length = [100, 3000, 70_000, 300_000, 530_000, 900_000][state.random.integer(6)] ?? 1;
    const values = new Float32Array(length).fill(state.random.uniform());
    return tf.add(x, tf.mean(tf.square(tf.tensor1d(values))));
  },
  // More jobs than may be under way.
  (x) => {
    let y: tf.Tensor = x;
    for (let count = 0; count < 40; count++) y = tf.relu(tf.sub(y, 0.01));
    return y;
  },
  (_, state) => drawImage(state),
  (x, { read }) => void read.push(x.dataSync()),
  (x) => (tf.tidy(() => void tf.square(tf.add(x, 1))), undefined),
  // All weights at once, where they lie.
  (_, { weights, slots, random, read }) => {
    const taken = backend().updateInPlace({
      rule: "momentum",
      rate: 0.1,
      decay: 0.9,
      share: 0.1,
      secondShare: 0,
      momentum: 0,
      epsilon: 0,
      weightDecay: 0,
      weights: weights.map((weight, index) => ({ weight, gradient: weight, slots: slots.slice(index, index + 1) })),
    });
    if (!taken) for (const weight of weights) weight.assign(tf.mul(weight, 0.9));
    if (random.integer(2) === 0) read.push(...weights.map((weight) => weight.dataSync()));
  },
  (x, { weights, random }) => {
    const weight = weights[random.integer(weights.length)];
    if (weight === undefined) return undefined;
    weight.assign(tf.add(weight, tf.mean(x)));
    return tf.matMul(tf.reshape(tf.tile(tf.reshape(tf.mean(x), [1]), [weight.shape[0]]), [1, -1]), weight);
  },
  (_, { weights, random }) => {
    const weight = weights[random.integer(weights.length)];
    return weight === undefined ? undefined : tf.reshape(weight, [1, 10, 10, 3]);
  },
  (x, state) => {
    const y = pooledConvolution(x, state, false);
    backend().reserveScratch(state.random.integer(8) * 2 ** 20);
    return y;
  },
];

const slowSteps: readonly Step[] = [
  async (x, { read }) => void read.push(await x.data()),
  async (x) => void (await tf.time(() => tf.dispose(tf.square(x)))),
  async (x, { read }) => {
    const { result } = await tf.profile(() => tf.tidy(() => tf.sum(tf.square(x))));
    read.push((result as tf.Tensor).dataSync());
    tf.dispose(result);
  },
  // Threads fall asleep meanwhile.
  async (_, { random }) => new Promise((resolve) => setTimeout(resolve, random.integer(5))),
  async (x, { read }) => {
    const name = tf.getBackend();
    const [a, b] = [tf.square(x), tf.relu(x)];
    await tf.setBackend("cpu");
    const c = tf.add(a, b);
    await tf.setBackend(name);
    const d = tf.mul(c, a);
    tf.dispose([a, b, c]);
    read.push(d.dataSync());
    d.dispose();
  },
];

/** Runs a program on the current backend; gives what it read, and what it held at its end. */
export async function runProgram(random: RandomStream, options: ProgramOptions): Promise<tf.TypedArray[]> {
  const state: State = { random, images: [], weights: [], slots: [], read: [] };
  for (let index = 0; index < 3; index++) {
    state.weights.push(tf.tidy(() => tf.variable(draw([100, 3], state) as tf.Tensor2D)));
    state.slots.push(tf.zeros([100, 3]));
  }
  // Held, so that the memory grows every now and then.
  const ballast: tf.Tensor[] = [];
  for (let step = 0; step < options.steps; step++) {
    while (state.images.length > MOST_HELD) state.images.splice(random.integer(state.images.length), 1)[0]?.dispose();
    if (state.images.length < 2) state.images.push(drawImage(state));
    const x = state.images[random.integer(state.images.length)] as tf.Tensor4D;
    if (random.integer(25) === 0) ballast.push(tf.tidy(() => tf.add(tf.ones([1 << 20]), step)));
    if (random.integer(8) === 0) {
      await slowSteps[random.integer(slowSteps.length)]?.(x, state);
      continue;
    }
    const gradients = options.filterGradients && random.integer(8) === 0;
    const made = tf.tidy(() => {
      const chosen = steps[random.integer(steps.length)];
      const result = gradients ? pooledConvolution(x, state, true) : chosen?.(x, state);
      if (!(result instanceof tf.Tensor) || result.size === 0) return undefined;
      const image = toImage(result);
      const bounded = tf.clipByValue(image, -3, 3);
      const [batch, height] = image.shape;
      if (image.size < LARGE) return random.integer(4) === 0 ? image : bounded;
      return tf.slice(bounded, [0, 0, 0, 0], [Math.ceil(batch / 4), Math.ceil(height / 4), -1, -1]);
    });
    if (made !== undefined) state.images.push(made);
  }
  const held = [...state.images, ...state.weights, ...state.slots, ...ballast];
  state.read.push(...(await Promise.all(held.map((tensor) => tensor.data()))));
  tf.dispose(held);
  return state.read;
}
