import { InvalidConfigError } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import * as layersPackage from "../index.ts";
import {
  AveragePooling2D,
  BatchNormalization,
  Conv2D,
  type Conv2DConfig,
  Dense,
  HeNormal,
  Input,
  InputLayer,
  LayerNormalization,
  LeakyReLU,
  Sequential,
  Softmax,
} from "../index.ts";

/** Calls without types, as plain JavaScript does; gives what was thrown. */
function thrownBy(make: () => unknown): unknown {
  try {
    return make();
  } catch (error) {
    return error;
  }
}

interface OptionsClass {
  new (...parameters: unknown[]): unknown;
  readonly className: string;
  readonly options?: Readonly<Record<string, true>>;
}

const { Layer, Initializer, Regularizer, Constraint } = layersPackage;
const bases: readonly unknown[] = [Layer, Initializer, Regularizer, Constraint];

/** Whether an export is a class made of one object of options; Sequential takes its layers first. */
function takesOptions(value: unknown): value is OptionsClass {
  return (
    typeof value === "function" &&
    value !== Sequential &&
    bases.some((base) => value.prototype instanceof (base as typeof Layer))
  );
}

const classes = [...new Set(Object.values<unknown>(layersPackage).filter(takesOptions))];

test("every kind of class is among those that are held to their options", () => {
  const names = classes.map(({ className }) => className);
  expect(names).toEqual(expect.arrayContaining(["Conv2D", "InputLayer", "Zeros", "L1L2", "NonNeg"]));
  const twice = names.filter((name, index) => names.indexOf(name) < index);
  expect(twice).toEqual(["Identity"]); // the layer, and the initializer
  expect(names.length).toBeGreaterThan(85);
});

/** What errors call it: the name that users type, which for models is not Keras's. */
const typedName = (type: OptionsClass): string => (type.className === "Functional" ? "Model" : type.className);

describe.for(classes.map((type) => ({ name: typedName(type), type })))("$name", ({ name, type }) => {
  const names = Object.keys(type.options ?? {});

  test("says what it takes", () => {
    expect(Object.hasOwn(type, "options")).toBe(true);
  });

  test("refuses an option that it does not have, and tells those that it has", () => {
    const known = names.length === 0 ? "none" : `among ${names.join(", ")}`;
    const error = thrownBy(() => new type({ zzzzzzzzzzzz: 1 }));
    expect(error).toBeInstanceOf(InvalidConfigError);
    expect(error).toHaveProperty("message", `${name}: options must be ${known}, received "zzzzzzzzzzzz".`);
  });

  test.for(names.filter((option) => option.length > 3))("tells that %s may be meant", (option) => {
    const wrong = `${option}${option.at(-1)}`;
    expect(thrownBy(() => new type({ [wrong]: 1 }))).toHaveProperty(
      "message",
      `${name}: options must be among those it has (did you mean ${option}?), received "${wrong}".`,
    );
  });

  test.for([null, "no name", true])("refuses %j in place of options", (options) => {
    expect(thrownBy(() => new type(options))).toBeInstanceOf(InvalidConfigError);
  });
});

describe("options in plain JavaScript", () => {
  test.for([
    [Conv2D, "Conv2D: options must be an object, as { filters, kernelSize, ... }, received undefined."],
    [Dense, "Dense: options must be an object, as { units, activation, ... }, received undefined."],
    [
      AveragePooling2D,
      "AveragePooling2D: options must be an object, as { poolSize, strides, ... }, received undefined.",
    ],
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
    expect(() => new InputLayer({})).toThrow("InputLayer: shape must be a list of lengths");
    expect(() => Input({ shape: [0] })).toThrow("Input: shape must be lengths of at least 1, or null");
    expect(() => Input({ shape: [2], batchShape: [null, 2] })).toThrow("Input: batchShape must be absent");
    expect(Input({ batchShape: [4, 2], dtype: "float32" }).shape).toEqual([4, 2]);
    expect(new InputLayer({ shape: [2], batchSize: 4 }).output.shape).toEqual([4, 2]);
    expect(() => Reflect.construct(Sequential, [{ layers: [] }])).toThrow(
      "Sequential: layers must be a list of layers",
    );
    expect(() => Reflect.construct(Sequential, [[], { seeed: 1 }])).toThrow("(did you mean seed?)");
  });

  test.for([
    ["kernelInitializer", "glorot"],
    ["kernelInitializer", 3],
    ["kernelInitializer", { className: "HeNormal" }],
    ["kernelInitializer", HeNormal],
    ["kernelInitializer", null],
    ["kernelInitializer", "constructor"],
    ["kernelRegularizer", 0.01],
    ["kernelRegularizer", { l2: 0.01 }],
    ["kernelConstraint", "max"],
    ["kernelConstraint", []],
    ["activation", "rely"],
    ["activation", 3],
    ["activation", {}],
    ["activation", new LeakyReLU()],
    ["activityRegularizer", true],
  ] as const)("that name parts are refused where there is no such part: %s %o", ([option, value]) => {
    expect(thrownBy(() => Reflect.construct(Dense, [{ units: 1, [option]: value }]))).toMatchObject({
      code: "INVALID_CONFIG",
      option,
      message: expect.stringMatching(new RegExp(`^Dense: ${option} must be .*, received .*[.]$`)) as string,
    });
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

test("null is the usual data format, as None is in Keras, but not the usual axis", () => {
  expect(new Conv2D({ filters: 1, kernelSize: 1, dataFormat: null } as never).dataFormat).toBe("channelsLast");
  for (const make of [
    () => new Softmax({ axis: null } as never),
    () => new BatchNormalization({ axis: null } as never),
    () => new LayerNormalization({ axis: null } as never),
    () => new LayerNormalization({ epsilon: null } as never),
  ]) {
    expect(make).toThrow(InvalidConfigError);
  }
});
