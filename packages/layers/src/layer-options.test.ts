import { InvalidConfigError } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import {
  Activation,
  ActivityRegularization,
  Add,
  Average,
  AveragePooling2D,
  CenterCrop,
  Concatenate,
  Conv2D,
  type Conv2DConfig,
  Dense,
  Dot,
  Dropout,
  ELU,
  Flatten,
  GaussianDropout,
  GaussianNoise,
  GlobalAveragePooling2D,
  GlobalMaxPooling2D,
  GroupNormalization,
  Input,
  InputLayer,
  LeakyReLU,
  Maximum,
  MaxPooling2D,
  Minimum,
  Model,
  Multiply,
  Normalization,
  PReLU,
  RandomBrightness,
  RandomContrast,
  RandomCrop,
  RandomFlip,
  RandomRotation,
  RandomTranslation,
  RandomZoom,
  ReLU,
  RepeatVector,
  Rescaling,
  Resizing,
  Sequential,
  Softmax,
  SpatialDropout1D,
  SpatialDropout2D,
  Subtract,
  UnitNormalization,
} from "./index.ts";

/** Calls without types, as plain JavaScript does; gives what was thrown. */
function thrownBy(make: () => unknown): unknown {
  try {
    return make();
  } catch (error) {
    return error;
  }
}

/** Each class with options that it takes. */
const layers: readonly (readonly [{ readonly className: string }, object])[] = [
  [Activation, { activation: "relu" }],
  [AveragePooling2D, { poolSize: 2 }],
  [Conv2D, { filters: 2, kernelSize: 3 }],
  [Dense, { units: 2 }],
  [Dropout, { rate: 0.5 }],
  [Flatten, {}],
  [GlobalAveragePooling2D, {}],
  [GlobalMaxPooling2D, {}],
  [InputLayer, { batchShape: [null, 2] }],
  [MaxPooling2D, {}],
  [Model, { inputs: [], outputs: [] }],
  [Rescaling, { scale: 2 }],
  [ActivityRegularization, {}],
  [Add, {}],
  [Average, {}],
  [CenterCrop, { height: 1, width: 1 }],
  [Concatenate, {}],
  [Dot, { axes: 1 }],
  [ELU, {}],
  [GaussianDropout, { rate: 0.5 }],
  [GaussianNoise, { stddev: 0.5 }],
  [GroupNormalization, {}],
  [LeakyReLU, {}],
  [Maximum, {}],
  [Minimum, {}],
  [Multiply, {}],
  [Normalization, {}],
  [PReLU, {}],
  [RandomBrightness, { factor: 0.1 }],
  [RandomContrast, { factor: 0.1 }],
  [RandomCrop, { height: 1, width: 1 }],
  [RandomFlip, {}],
  [RandomRotation, { factor: 0.1 }],
  [RandomTranslation, { heightFactor: 0.1, widthFactor: 0.1 }],
  [RandomZoom, { heightFactor: 0.1 }],
  [ReLU, {}],
  [RepeatVector, { n: 1 }],
  [Resizing, { height: 1, width: 1 }],
  [Softmax, {}],
  [SpatialDropout1D, { rate: 0.5 }],
  [SpatialDropout2D, { rate: 0.5 }],
  [Subtract, {}],
  [UnitNormalization, {}],
];

describe.for(layers.map(([type, config]) => ({ name: type.className, type, config })))(
  "$name",
  ({ name, type, config }) => {
    const make = (...parameters: unknown[]): unknown => Reflect.construct(type as typeof Conv2D, parameters);

    test("refuses an option that it does not have, and tells the one that may be meant", () => {
      const error = thrownBy(() => make({ ...config, trainabel: false }));
      expect(error).toBeInstanceOf(InvalidConfigError);
      expect(error).toHaveProperty(
        "message",
        `${name}: options must be among those it has (did you mean trainable?), received "trainabel".`,
      );
    });

    test.for([null, [], "no name"])("refuses %j in place of options", (options) => {
      expect(thrownBy(() => make(options))).toBeInstanceOf(InvalidConfigError);
    });
  },
);

describe("options in plain JavaScript", () => {
  test.for([
    [Conv2D, "Conv2D: options must be an object, received undefined."],
    [Dense, "Dense: options must be an object, received undefined."],
    [AveragePooling2D, "AveragePooling2D: options must be an object, received undefined."],
  ] as const)("are needed by %o", ([type, message]) => {
    expect(() => Reflect.construct(type, [])).toThrow(message);
  });

  test("that are missing are told by name", () => {
    const conv2d = Reflect.construct.bind(undefined, Conv2D);
    expect(() => conv2d([{ filters: 3 }])).toThrow(
      "Conv2D: kernelSize must be an integer of at least 1, or two of them, received undefined.",
    );
    expect(() => conv2d([{ kernelSize: 3 }])).toThrow("Conv2D: filters must be an integer of at least 1");
  });

  test("may not be Python's, which are told in camelCase", () => {
    expect(() => Reflect.construct(Conv2D, [{ filters: 3, kernel_size: 3 }])).toThrow(
      'Conv2D: options must be among those it has (did you mean kernelSize?), received "kernel_size".',
    );
  });

  test("of Input and Sequential are looked at too", () => {
    expect(() => Reflect.apply(Input, undefined, [{ inputShape: [28, 28, 1] }])).toThrow(
      "Input: options must be among",
    );
    expect(() => Reflect.apply(Input, undefined, [{}])).toThrow("Input: shape must be a list of lengths");
    expect(() => Reflect.construct(Sequential, [{ layers: [] }])).toThrow(
      "Sequential: layers must be a list of layers",
    );
    expect(() => Reflect.construct(Sequential, [[], { seeed: 1 }])).toThrow("(did you mean seed?)");
  });

  test("of a user's own layer are that layer's affair, until it lists them", () => {
    interface GatedConfig extends Conv2DConfig {
      readonly gate: number;
    }
    class Gated extends Conv2D {
      readonly gate: number;

      constructor(config: GatedConfig) {
        super(config);
        this.gate = config.gate;
      }
    }
    expect(new Gated({ filters: 1, kernelSize: 1, gate: 2 }).gate).toBe(2);
  });
});
