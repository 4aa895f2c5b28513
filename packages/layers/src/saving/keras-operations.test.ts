import { HostArray, type Shape, sizeOf } from "@featuremap/tensor";
import { tolerances } from "@featuremap/testing/tolerances";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import mobilenet from "../fixtures/models/mobilenet-v3-small.json" with { type: "json" };
import golden from "../fixtures/models/operations.json" with { type: "json" };
import {
  type ConfigReader,
  Constant,
  Input,
  Layer,
  type LayerConfig,
  Model,
  type Weight,
  deserializeModel,
  registerKerasSerializable,
} from "../index.ts";
import { commonOptions } from "../layer/layer-config.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { expectClose, hostArrayOf, tensorOf } from "../testing/golden.ts";

useBackend(registerGradients);

interface ChannelScaleConfig extends LayerConfig {
  readonly initValues: number;
}

/** A layer that Keras keeps private, as a user of its file writes it here. */
class ChannelScale extends Layer<ChannelScaleConfig> {
  static override readonly className: string = "ChannelScale";
  static override readonly options: Readonly<Record<string, unknown>> = { ...commonOptions, initValues: true };
  #gamma: Weight | null = null;

  override outputShape(input: Shape): Shape {
    return input;
  }

  protected override createWeights(input: Shape): void {
    this.#gamma = this.addWeight("gamma", [input.at(-1) ?? 1], new Constant({ value: this.config.initValues }));
  }

  override call(input: tf.Tensor): tf.Tensor {
    return tf.mul(input, this.#gamma?.variable ?? 1);
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), init_values: this.config.initValues, projection_dim: this.#gamma?.size };
  }

  static override fromConfig(reader: ConfigReader): ChannelScale {
    reader.number("projection_dim");
    return new ChannelScale({ ...reader.base(), initValues: reader.number("init_values") ?? 0 });
  }
}

beforeAll(() => {
  registerKerasSerializable(ChannelScale, { package: "garden" });
});

const copyOf = (model: Model): Model => deserializeModel(JSON.parse(JSON.stringify(model.serialize())));

describe.each(golden)("$name, from Keras", ({ json, layers, weights, inputs, outputs, upstream, ...expected }) => {
  test("gives Keras's outputs and gradients, also saved and loaded", () => {
    const loaded = deserializeModel(JSON.parse(json));
    for (const model of [loaded, copyOf(loaded)]) {
      model.setWeights(weights.map(hostArrayOf));
      tf.tidy(() => {
        const data = inputs.map(tensorOf);
        model.predictAll(data).forEach((output, index) => {
          if (outputs[index] !== undefined) expectClose(output, outputs[index]);
          expect(model.inferShapes(inputs.map(({ shape }) => shape))[index]).toEqual(output.shape);
        });
        const lossOf = (...tensors: tf.Tensor[]): tf.Scalar =>
          model
            .callAll(tensors, { training: false })
            .map((output, index) =>
              tf.sum<tf.Scalar>(tf.mul(output, tensorOf(upstream[index] ?? { shape: [], values: [Number.NaN] }))),
            )
            .reduce((sum, loss) => tf.add(sum, loss));
        tf.grads(lossOf)(data).forEach((gradient, index) => {
          const wanted = expected.inputGradients[index];
          if (wanted !== undefined) expectClose(gradient, wanted, tolerances.operation);
        });
      });
      model.dispose();
    }
  });

  test("is the same model: layers, summary and JSON", () => {
    const model = deserializeModel(JSON.parse(json));
    expect(model.layers.map((layer) => layer.name)).toEqual(layers);
    expect(model.summary()).toBe(expected.summary.trimEnd());
    // Truth is 1 or 0 here.
    const expectedJson = json.replaceAll('"dtype": "bool"', '"dtype": "float32"');
    expect(JSON.parse(JSON.stringify(model.serialize()))).toEqual(JSON.parse(expectedJson));
    model.dispose();
  });
});

test("a layer that Keras keeps private, and that is not here, is read by the class that is registered for it", () => {
  const { json = "" } = golden.find(({ name }) => name === "private_layers") ?? {};
  const model = deserializeModel(JSON.parse(json.replaceAll('"LayerScale"', '"ChannelScale"')));
  expect(model.layers[1]).toBeInstanceOf(ChannelScale);
  // What a user registers is a module of nobody's in JSON, and keeps the name it was registered under.
  expect(model.layers[1]?.serialize()).toMatchObject({ module: null, registered_name: "garden>ChannelScale" });
});

test("operations broadcast as in NumPy where merging layers of their name would not", () => {
  const input = Input({ shape: [3], name: "a" });
  const frame = new Model({ inputs: input, outputs: new ChannelScale({ initValues: 1, name: "s" }).apply(input) });
  const json = JSON.parse(JSON.stringify(frame.serialize()).replaceAll('"garden>ChannelScale"', "null")) as {
    config: { layers: Record<string, unknown>[] };
  };
  const array = { class_name: "__numpy__", config: { value: [[1], [2], [3]], dtype: "float32" } };
  const scale = json.config.layers[1] as { inbound_nodes: { args: unknown[] }[] };
  scale.inbound_nodes[0]?.args.push(array);
  json.config.layers[1] = { ...scale, module: "keras.src.ops.numpy", class_name: "Add", config: { name: "s" } };
  const model = deserializeModel(json);
  // With a batch of 1 the batch axis stretches to the array's three rows.
  const sums = tf.tidy(() => model.predict(tf.zeros([1, 3])).arraySync());
  expect(sums).toEqual([1, 2, 3].map((row) => [row, row, row]));
  expect(copyOf(model).serialize()).toEqual(model.serialize());
});

describe("a file's operation is refused", () => {
  const hold = (operation: object, args: unknown[], kwargs: object = {}): unknown => ({
    class_name: "Functional",
    config: {
      layers: [
        { class_name: "InputLayer", name: "a", config: { batch_shape: [null, 4], name: "a" }, inbound_nodes: [] },
        { module: "keras.src.ops.numpy", config: {}, name: "o", inbound_nodes: [{ args, kwargs }], ...operation },
      ],
      input_layers: ["a", 0, 0],
      output_layers: ["o", 0, 0],
    },
  });
  const a = { class_name: "__keras_tensor__", config: { keras_history: ["a", 0, 0] } };
  const ellipsis = { class_name: "__ellipsis__", config: {} };
  const slice = (start: number | null = null, step: number | null = null): object => ({
    class_name: "__slice__",
    config: { start, stop: null, step },
  });

  test.for([
    ["that is not known", { class_name: "Einsum" }, [a, 1], /found operation Einsum/],
    ["that objects have by themselves", { class_name: "constructor" }, [a, 1], /found operation constructor/],
    ["without a class", { class_name: undefined }, [a, 1], /found undefined|found nothing/],
    ["with an operand missing", { class_name: "Add" }, [a], /arguments of .* must be 2 in number/],
    ["with text as an operand", { class_name: "Add" }, [a, "b"], /must be tensors and numbers, found "b"/],
    ["without a tensor", { class_name: "Add" }, [1, 2], /must be one tensor or more/],
    [
      "with a ragged array",
      { class_name: "Add" },
      [a, { class_name: "__numpy__", config: { value: [[1], 2] } }],
      /tensors and numbers/,
    ],
    [
      "with an array that does not fit",
      { class_name: "Add" },
      [a, { class_name: "__numpy__", config: { value: [1, 2, 3] } }],
      /broadcast/,
    ],
    [
      "with an unknown option",
      { class_name: "Add", config: { name: "o", where: 1 } },
      [a, 1],
      /known options only, found where/,
    ],
    ["with an axis that is not there", { class_name: "Mean", config: { name: "o", axis: 7 } }, [a], /axes 7/],
    [
      "of items without the batch",
      { class_name: "GetItem" },
      [a, 0],
      /items of .* must be a list of slices, .* found 0/,
    ],
    ["of one example", { class_name: "GetItem" }, [a, [0]], /with the batch axis whole, found \[0\]/],
    ["of half a batch", { class_name: "GetItem" }, [a, [slice(1)]], /with the batch axis whole/],
    ["of two ellipses", { class_name: "GetItem" }, [a, [ellipsis, ellipsis]], /one ellipsis/],
    ["of a tensor's items", { class_name: "GetItem" }, [a, [ellipsis, a]], /items of/],
    ["of steps of 0", { class_name: "GetItem" }, [a, [slice(), slice(0, 0)]], /items of/],
    [
      "of an item past the end",
      { class_name: "GetItem" },
      [a, [slice(), 4]],
      /index must be in an axis of 4, received 4/,
    ],
    ["of more axes than there are", { class_name: "GetItem" }, [a, [slice(), slice(), 0]], /of 3 axes or more/],
    ["of items alone", { class_name: "GetItem" }, [a], /arguments of .* must be a tensor and items|items of/],
    [
      "of axes that are not the input's",
      { class_name: "Transpose", config: { name: "o", axes: [0, 2, 1] } },
      [a],
      /Transpose: input must be of axes 0, 2, 1/,
    ],
    ["of an axis before the batch", { class_name: "ExpandDims", config: { name: "o", axis: 0 } }, [a], /of the batch/],
    [
      "of an axis longer than 1",
      { class_name: "Squeeze", config: { name: "o", axis: 1 } },
      [a],
      /of length 1 along axis 1/,
    ],
    [
      "of an axis moved nowhere",
      { class_name: "Moveaxis", config: { name: "o", source: 1, destination: [] } },
      [a],
      /as many/,
    ],
    [
      "of axes swapped that are not there",
      { class_name: "Swapaxes", config: { name: "o", axis1: 1, axis2: 2 } },
      [a],
      /axes 2/,
    ],
    [
      "of pools on what is no picture",
      { class_name: "MaxPool", config: { name: "o", pool_size: 2 } },
      [a],
      /MaxPooling2D|max_pooling2d/,
    ],
    ["of matrices that do not fit", { class_name: "Matmul" }, [a, a], /Matmul: operands must be matrices that fit/],
    [
      "of borders without a pair",
      { class_name: "Pad", config: { name: "o", pad_width: [[0, 0], [1]] } },
      [a],
      /pad_width of .* must be pairs of counts/,
    ],
    [
      "of borders made otherwise",
      { class_name: "Pad", config: { name: "o", pad_width: [[1, 1]], mode: "reflect" } },
      [a],
      /mode of .* must be "constant", found "reflect"/,
    ],
    [
      "of examples by number",
      { class_name: "Take", config: { name: "o", axis: 0 } },
      [a, [0]],
      /indices of .* must be within axis 0/,
    ],
    [
      "of places that are not there",
      { class_name: "Take", config: { name: "o", axis: -1 } },
      [a, [4]],
      /indices of .* must be within axis -1/,
    ],
    [
      "whose limits cross",
      { class_name: "Clip", config: { name: "o", x_min: 2, x_max: 1 } },
      [a],
      /x_max must be at least x_min, 2/,
    ],
  ] as const)("%s", ([, operation, args, message]) => {
    expect(() => deserializeModel(hold(operation, [...args]))).toThrow(
      expect.objectContaining({ code: "INVALID_FORMAT", message: expect.stringMatching(message) as string }),
    );
  });
});

test("MobileNetV3Small as Keras has it gives Keras's classes", () => {
  const model = deserializeModel(JSON.parse(mobilenet.json));
  expect(JSON.parse(JSON.stringify(copyOf(model).serialize()))).toEqual(JSON.parse(mobilenet.json));
  expect(model.countParams()).toBe(2_554_968);
  for (const weight of model.weights.filter(({ shape }) => shape.length > 1)) {
    const { shape } = weight;
    const fan = sizeOf(shape) / (shape.at(shape.at(-1) === 1 ? -2 : -1) ?? 1);
    weight.assign(new HostArray(steps(shape, Math.sqrt(12 / fan)), shape));
  }
  tf.tidy(() => {
    const image = tf.tensor(
      steps([1, 32, 32, 3], 127).map((value) => value + 127),
      [1, 32, 32, 3],
    );
    expectClose(
      tf.mul(model.predict(image), 1000),
      {
        shape: mobilenet.output.shape,
        values: mobilenet.output.values.map((value) => value * 1000),
      },
      1e-3,
    );
  });
  model.dispose();
});

/** Numbers between -scale and scale, as `tooling/fixtures/layers/operations.py` makes them. */
function steps(shape: readonly number[], scale: number): Float32Array {
  return Float32Array.from({ length: sizeOf(shape) }, (_, index) => scale * (((index * 7919) % 2003) / 1001 - 1));
}

// Keras 3.15.1 on TensorFlow.
test("NaN stays NaN between equal limits of Clip", () => {
  const model = deserializeModel({
    class_name: "Functional",
    config: {
      layers: [
        { class_name: "InputLayer", name: "a", config: { batch_shape: [null, 4], name: "a" }, inbound_nodes: [] },
        {
          module: "keras.src.ops.numpy",
          class_name: "Clip",
          config: { name: "o", x_min: 2, x_max: 2 },
          name: "o",
          inbound_nodes: [
            { args: [{ class_name: "__keras_tensor__", config: { keras_history: ["a", 0, 0] } }], kwargs: {} },
          ],
        },
      ],
      input_layers: ["a", 0, 0],
      output_layers: ["o", 0, 0],
    },
  });
  expect(tf.tidy(() => model.predict(tf.tensor2d([[NaN, 1, -1, 5]])).arraySync())).toEqual([[NaN, 2, 2, 2]]);
});
