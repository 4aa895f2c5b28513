import { FormatError, InvalidConfigError } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import { Dense } from "../layers/core/dense.ts";
import { Input, InputLayer } from "../model/input-layer.ts";
import { Model } from "../model/model.ts";
import { L2 } from "../parts/regularizers.ts";
import { LearnedScaling } from "../testing/learned-scaling.ts";

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
    ["a list", () => Dense.fromConfig([3]), FormatError, "an object"],
    ["a class that does not declare its options", () => Model.fromConfig({}), InvalidConfigError, "fromConfig"],
  ])("refuses %s", ([, make, error, text]) => {
    expect(make).toThrow(error);
    expect(make).toThrow(text);
  });

  test("of a class that reads its config itself is that one", () => {
    expect(Object.hasOwn(LearnedScaling, "fromConfig")).toBe(true);
    expect(Input({ shape: [2] }).shape).toEqual([null, 2]);
  });
});
