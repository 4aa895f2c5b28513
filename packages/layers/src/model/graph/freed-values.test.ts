import * as tf from "@tensorflow/tfjs-core";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  Activation,
  Add,
  BatchNormalization,
  Conv2D,
  Dropout,
  Input,
  Layer,
  MaxPooling2D,
  Model,
  Rescaling,
  Reshape,
  Sequential,
  type SymbolicTensor,
} from "../../index.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";

useBackend(registerGradients);

const shape = [128, 128, 4];
const image = 128 * 128 * 4 * 4;
/** What a pass may keep to its end. */
const few = 2 ** 24;

/** Notes the most bytes that are held while any `tanh` computes. */
class Gauge {
  most = 0;

  constructor() {
    const before = tf.memory().numBytes;
    const kernel = tf.getKernel("Tanh", "cpu");
    const { kernelFunc } = kernel;
    vi.spyOn(kernel, "kernelFunc").mockImplementation((options) => {
      // With the output, which is not counted yet.
      this.most = Math.max(this.most, tf.memory().numBytes + image - before);
      return kernelFunc(options);
    });
  }
}

afterEach(() => {
  vi.restoreAllMocks();
});

function chain(input: SymbolicTensor, makers: readonly (() => Layer)[]): SymbolicTensor {
  return makers.reduce((tensor, make) => make().apply(tensor), input);
}

function repeated(count: number, make: () => Layer): readonly (() => Layer)[] {
  return Array.from({ length: count }, () => make);
}

function predictFreely(model: Model): number[] {
  const lengths = model.inputShape.map((length, axis) => length ?? (axis === 0 ? 1 : 2));
  return tf.tidy(() => [...model.predict(tf.ones(lengths)).dataSync()]);
}

describe("what a prediction holds", () => {
  test("is a few values at once, however long the chain", () => {
    const gauge = new Gauge();
    const input = Input({ shape });
    const tanh = () => new Activation("tanh");
    const model = new Model({ inputs: input, outputs: chain(input, repeated(401, tanh)) });
    predictFreely(model);
    expect(gauge.most).toBeGreaterThanOrEqual(2 * image);
    expect(gauge.most).toBeLessThan(5 * image);
  });

  test("is so in nested models, through layers that pass their input on, reshape it or need values on the way", () => {
    const gauge = new Gauge();
    const inner = Input({ shape });
    const block = [
      () => new Activation("tanh"),
      () => new Dropout({ rate: 0.5 }),
      () => new Activation("gelu"),
      () => new BatchNormalization(),
      () => new Reshape({ targetShape: [4, 128, 128] }),
      () => new Reshape({ targetShape: shape }),
    ];
    const model = new Model({ inputs: inner, outputs: chain(inner, block) });
    const input = Input({ shape });
    const outputs = chain(
      input,
      repeated(80, () => model),
    );
    predictFreely(new Model({ inputs: input, outputs }));
    expect(gauge.most).toBeLessThan(6 * image + few);
    model.dispose();
  });

  test("is so where activity regularizers tell what outputs cost", () => {
    const gauge = new Gauge();
    const layer = () => new Activation({ activation: "tanh", activityRegularizer: "l2" });
    const inner = new Sequential([layer(), layer()]);
    const input = Input({ shape });
    const model = new Model({ inputs: input, outputs: chain(input, [...repeated(100, layer), () => inner]) });
    tf.tidy(() => {
      const losses: tf.Tensor[] = [];
      model.callAll([tf.ones([1, ...shape])], { training: false, losses });
      expect(losses).toHaveLength(102);
      for (const loss of losses) expect(loss.dataSync()[0]).toBeGreaterThan(0);
    });
    expect(gauge.most).toBeLessThan(6 * image);
  });
});

/** Gives out whatever it is told to. */
class Giving extends Layer {
  static override readonly className: string = "Giving";
  readonly #give: (input: tf.Tensor) => tf.Tensor;

  constructor(give: (input: tf.Tensor) => tf.Tensor) {
    super({});
    this.#give = give;
  }

  override outputShape(input: readonly (number | null)[]): readonly (number | null)[] {
    return input;
  }

  override call(input: tf.Tensor): tf.Tensor {
    return this.#give(input);
  }
}

/** A class that derives from one of the package's, with its options. */
class Derived extends Dropout {
  static override readonly options = { ...Dropout.options };
  readonly #give: (input: tf.Tensor) => tf.Tensor;

  constructor(give: (input: tf.Tensor) => tf.Tensor) {
    super({ rate: 0 });
    this.#give = give;
  }

  override call(input: tf.Tensor): tf.Tensor {
    return this.#give(input);
  }
}

/** A layer of the package whose method was replaced. */
function patched(give: (input: tf.Tensor) => tf.Tensor): Layer {
  return Object.assign(new Dropout({ rate: 0 }), { call: give });
}

function nested(layer: Layer): Model {
  const input = Input({ shape: [null] });
  return new Model({ inputs: input, outputs: layer.apply(input) });
}

const double = () => new Rescaling({ scale: 2 });

// Inputs of open lengths, for which values are freed however few they are.
describe("what is somebody else's stays", () => {
  test.for([
    ["a weight", () => tf.tidy(() => tf.variable(tf.tensor([[5, 5]])))],
    ["a tensor of nobody's scope", () => tf.tensor([[5, 5]])],
    ["a kept tensor", () => tf.tidy(() => tf.keep(tf.tensor([[5, 5]])))],
  ] as const)("%s", ([, make]) => {
    const own = make();
    const input = Input({ shape: [null] });
    const model = new Model({ inputs: input, outputs: chain(input, [() => new Giving(() => own), double, double]) });
    for (let time = 0; time < 2; time++) expect(predictFreely(model)).toEqual([20, 20]);
    expect(own.isDisposed).toBe(false);
    own.dispose();
  });

  test("what a layer hands on outside the graph, keeps afterwards or makes once, also in a model within", () => {
    const held: tf.Tensor[] = [];
    const stash = (x: tf.Tensor): tf.Tensor => {
      held.push(x);
      return x;
    };
    const recall = (x: tf.Tensor): tf.Tensor => tf.add(x, held.at(-1) ?? x);
    const keepers: readonly (readonly (() => Layer)[])[] = [
      [double, () => new Giving(stash), double, double, () => new Giving(recall)],
      [double, () => new Activation(stash), double, double, () => new Activation(recall)],
      [double, () => patched(stash), double, double, () => patched(recall)],
      [double, () => new Derived(stash), double, double, () => new Derived(recall)],
      [double, () => nested(new Giving(stash)), double, double, () => nested(new Giving(recall))],
    ];
    for (const layers of keepers) {
      const input = Input({ shape: [null] });
      const model = new Model({ inputs: input, outputs: chain(input, layers) });
      expect(predictFreely(model)).toEqual([10, 10]);
      expect(predictFreely(model)).toEqual([10, 10]);
    }
    const once: tf.Tensor[] = [];
    const shared = new Giving((x) => tf.add(x, (once[0] ??= tf.ones(x.shape))));
    const input = Input({ shape: [null] });
    expect(predictFreely(new Model({ inputs: input, outputs: shared.apply(shared.apply(input)) }))).toEqual([3, 3]);
  });

  test("a tensor that is kept after it was made", () => {
    const kept: tf.Tensor[] = [];
    const keep = (x: tf.Tensor): tf.Tensor => {
      kept.push(tf.keep(x));
      return x;
    };
    const input = Input({ shape: [null] });
    const model = new Model({ inputs: input, outputs: chain(input, [double, () => new Giving(keep), double]) });
    expect(predictFreely(model)).toEqual([4, 4]);
    expect(kept.map((tensor) => [...tensor.dataSync()])).toEqual([[2, 2]]);
    tf.dispose(kept);
  });

  test.for([
    ["a weight", () => tf.tidy(() => tf.variable(tf.tensor([[5, 5]])))],
    ["a kept tensor", () => tf.tidy(() => tf.keep(tf.tensor([[5, 5]])))],
  ] as const)("%s that is the output: the caller gets one of its own", ([, make]) => {
    const own = make();
    const input = Input({ shape: [null] });
    const model = new Model({ inputs: input, outputs: new Giving(() => own).apply(input) });
    for (let time = 0; time < 2; time++) {
      const output = model.predict([[1, 2]]);
      expect([...output.dataSync()]).toEqual([5, 5]);
      output.dispose();
    }
    expect(own.isDisposed).toBe(false);
    own.dispose();
  });

  test("what is made and kept within the pass that gives it out", () => {
    const made: tf.Tensor[] = [];
    const keep = (x: tf.Tensor): tf.Tensor => (made[0] ??= tf.keep(tf.mul(x, 2)));
    const input = Input({ shape: [null] });
    const model = new Model({ inputs: input, outputs: new Giving(keep).apply(input) });
    for (let time = 0; time < 2; time++) {
      const output = model.predict([[1, 2]]);
      expect([...output.dataSync()]).toEqual([2, 4]);
      output.dispose();
    }
    tf.dispose(made);
  });

  test("a tensor that a layer keeps while it computes", () => {
    const kept: tf.Tensor[] = [];
    const keep = (x: tf.Tensor): tf.Tensor => {
      const output = tf.keep(tf.add(x, 1));
      kept.push(output);
      return output;
    };
    const input = Input({ shape: [null] });
    const model = new Model({ inputs: input, outputs: chain(input, [() => new Giving(keep), double]) });
    expect(predictFreely(model)).toEqual([4, 4]);
    expect([...(kept[0] as tf.Tensor).dataSync()]).toEqual([2, 2]);
    for (const tensor of kept) tensor.dispose();
  });

  test("a value that goes by two names, and one that is used again later", () => {
    const input = Input({ shape: [null] });
    const doubled = double().apply(input);
    const passed = new Dropout({ rate: 0.5 }).apply(doubled);
    const again = chain(passed, repeated(3, double));
    const outputs = new Add().apply([again, new Reshape({ targetShape: [2] }).apply(doubled), passed, input]);
    const model = new Model({ inputs: input, outputs: [outputs, passed] });
    tf.tidy(() => {
      const results = model.predictAll([tf.ones([1, 2])]);
      expect(results.map((result) => [...result.dataSync()])).toEqual([
        [21, 21],
        [2, 2],
      ]);
    });
  });

  test("what the model around a nested one still needs", () => {
    const inner = Input({ shape: [null] });
    const passing = new Model({ inputs: inner, outputs: chain(inner, [() => new Dropout({ rate: 0.5 }), double]) });
    const idle = new Model({ inputs: inner, outputs: new Dropout({ rate: 0.5 }).apply(inner) });
    const input = Input({ shape: [null] });
    const doubled = double().apply(input);
    const outputs = new Add().apply([passing.apply(doubled), idle.apply(doubled), passing.apply(doubled), doubled]);
    expect(predictFreely(new Model({ inputs: input, outputs }))).toEqual([12, 12]);
  });

  test("what gradients need", () => {
    const layers = [new Conv2D({ filters: 3, kernelSize: 3, inputShape: [null, null, 1] }), new MaxPooling2D()];
    const model = new Sequential([...layers, new Activation("gelu"), new BatchNormalization()]);
    tf.tidy(() => {
      const images = tf.randomUniform([2, 6, 6, 1], -1, 1, "float32", 3);
      const slope = tf.grad((x: tf.Tensor) => tf.sum(model.predict(x)))(images);
      expect(slope.shape).toEqual(images.shape);
      expect([...slope.dataSync()].some((value) => value !== 0)).toBe(true);
    });
    model.dispose();
  });

  test("the input of a layer outside of any scope", () => {
    const input = tf.ones([1, 2]);
    const ends = Input({ shape: [null] });
    const model = new Model({ inputs: ends, outputs: chain(ends, [double, double]) });
    const [output] = model.callAll([input], { training: false });
    expect([...(output as tf.Tensor).dataSync(), ...input.dataSync()]).toEqual([4, 4, 1, 1]);
    tf.dispose([input, output]);
  });
});
