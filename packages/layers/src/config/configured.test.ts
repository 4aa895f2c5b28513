import { FormatError, InvalidConfigError, type Shape } from "@featuremap/tensor";
import type { Tensor } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { Layer } from "../layer/layer.ts";
import { registerKerasSerializable } from "../layer/reading/register.ts";
import { Conv2D } from "../layers/convolutional/conv2d.ts";
import { Dense } from "../layers/core/dense.ts";
import { InputLayer } from "../model/input-layer.ts";
import { Model } from "../model/model.ts";
import { L2 } from "../parts/regularizers.ts";

describe("fromConfig", () => {
  test("makes an equal layer, with parts as Keras writes them", () => {
    const dense = new Dense({ units: 3, name: "last", kernelRegularizer: new L2({ l2: 0.5 }), activation: "relu" });
    const twin = Dense.fromConfig(dense.getConfig());
    expect(twin).toBeInstanceOf(Dense);
    expect(twin.getConfig()).toEqual(dense.getConfig());
  });

  test("makes parts and inputs too", () => {
    expect(L2.fromConfig({ l2: 0.25 })).toEqual(new L2({ l2: 0.25 }));
    expect(InputLayer.fromConfig({ batch_shape: [null, 4], name: "x" })).toMatchObject({ batchShape: [null, 4] });
  });

  test("is a subclass's, whose options are those that it inherits", () => {
    class Wide extends Dense {
      static override readonly className: string = "Wide";
    }
    expect(Wide.fromConfig({ units: 2 })).toBeInstanceOf(Wide);
  });

  test.for<[string, () => unknown, new (...parameters: never[]) => Error, string]>([
    ["an unknown key", () => Dense.fromConfig({ units: 3, unit: 4 }), FormatError, "unit"],
    ["a value of another type", () => Dense.fromConfig({ units: "3" }), FormatError, "units of Dense"],
    ["a value out of range", () => Dense.fromConfig({ units: 0 }), InvalidConfigError, "Dense: units"],
    ["a list", () => Dense.fromConfig([3]), InvalidConfigError, "an object"],
    ["a Map", () => L2.fromConfig(new Map([["l2", 0.5]])), InvalidConfigError, "a plain object"],
    ["a class that does not declare its options", () => Model.fromConfig({}), InvalidConfigError, "fromConfig"],
  ])("refuses %s", ([, make, error, text]) => {
    expect(make).toThrow(error);
    expect(make).toThrow(text);
  });

  test("does not make a class loadable whose options it cannot know", () => {
    class Undeclared extends Layer {
      static override readonly className: string = "Undeclared";
      static override readonly options: Readonly<Record<string, unknown>> = { pace: true };
      override outputShape(input: Shape): Shape {
        return input;
      }
      override call(input: Tensor): Tensor {
        return input;
      }
    }
    expect(() => registerKerasSerializable(Undeclared)).toThrow("a class with className and fromConfig");
  });
});

describe("lists among options", () => {
  test("are the layer's own, and so are those of its config", () => {
    const strides: [number, number] = [2, 2];
    const convolution = new Conv2D({ filters: 1, kernelSize: 1, strides });
    strides[0] = 1;
    (convolution.getConfig()["strides"] as number[])[1] = 1;
    expect(convolution.outputShape([null, 8, 8, 1])).toEqual([null, 4, 4, 1]);
  });

  test.for(["strides", "dilationRate", "kernelSize"])("with holes are refused: %s", (option) => {
    // oxlint-disable-next-line no-sparse-arrays -- It is what is refused.
    const config = { filters: 1, kernelSize: 1, [option]: [, 2] };
    expect(() => new Conv2D(config as never)).toThrow(`Conv2D: ${option} must be`);
  });

  test("are not of numbers that no device can count", () => {
    expect(() => new Conv2D({ filters: 1, kernelSize: 1, strides: 1e308 })).toThrow("strides must be");
  });
});

test("an option that a class neither settles nor writes is not lost in silence", () => {
  class Steep extends L2 {
    static override readonly className: string = "Steep";
    static override readonly options: typeof L2.options & { readonly slope: true } = { ...L2.options, slope: true };
  }
  expect(() => new Steep({ l2: 0.5 }).getConfig()).toThrow(
    'Steep: getConfig must be the class\'s own, or its options settled, received "slope".',
  );
});
