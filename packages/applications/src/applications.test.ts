import { outputMeaning } from "@featuremap/layers";
import { useBackend } from "@featuremap/testing/backend";
import { fingerprintOf } from "@featuremap/tensor";
import { zeros } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import type { BuildOptions } from "./application.ts";
import golden from "./applications.golden.json" with { type: "json" };
import { applications, findApplication } from "./find-application.ts";
import { preprocessingFor } from "./preprocessing-for.ts";

useBackend();

const all = Object.values(applications);

describe("as Keras builds it", () => {
  test.for(golden)("$name of $options", ({ name, options, parameters, layers }) => {
    const model = findApplication(name).build(options as BuildOptions);
    const inner = model.layers.filter(({ className }) => className !== "InputLayer");
    const rows = inner.map((layer) => [layer.name, layer.output.shape.slice(1), layer.countParams()]);
    expect(rows).toEqual(layers);
    expect(model.countParams()).toBe(parameters);
    model.dispose();
  });

  test("each network is compared", () => {
    expect(new Set(golden.map(({ name }) => name))).toEqual(new Set(all.map(({ name }) => name)));
  });
});

describe("the figures of the documents", () => {
  test.for([
    ["n1", 104_202],
    ["n3", 122_570],
    ["n4", 3_989_285],
    ["n5", 388_673],
  ] as const)("%s has %i weights", ([name, parameters]) => {
    const model = applications[name].build();
    expect(model.countParams()).toBe(parameters);
    model.dispose();
  });

  test("N1's layers have 320, 18,496, 73,856 and 11,530", () => {
    const model = applications.n1.build();
    const counts = model.layers.map((layer) => layer.countParams()).filter((count) => count > 0);
    expect(counts).toEqual([320, 18_496, 73_856, 11_530]);
    model.dispose();
  });

  test("N1's first weights are those of its seed, whatever it is called", async () => {
    for (const name of ["n1", "mnist"]) {
      const model = applications.n1.build({ seed: 1, name });
      const weights = await model.getWeights();
      expect([...(weights[0]?.data.slice(0, 2) ?? [])]).toEqual([0.12602545320987701, 0.013119684532284737]);
      expect(fingerprintOf(weights.map(({ data }) => data))).toBe("4c6ca49f197092be");
      expect(model.name).toBe(name);
      model.dispose();
    }
  });
});

describe.each(all)("$name", (application) => {
  const { name, inputShape, preprocessing, outputs, loss } = application;
  const classes = application.classes ?? 3;
  const [height, width, channels] = inputShape;

  test("is found by its name, and describes itself", () => {
    expect(findApplication(name)).toBe(application);
    expect(application.description).not.toBe("");
  });

  test("its preprocessing is of its input shape", () => {
    expect(preprocessing.size).toEqual([height, width]);
    expect(preprocessing.mean).toHaveLength(channels);
    expect(preprocessingFor(application, inputShape)).toEqual(preprocessing);
  });

  test("pixels are scaled once, by the preprocessing or by the model", () => {
    const model = application.build({ classes });
    const rescales = model.layers.some(({ className }) => className === "Rescaling");
    expect(preprocessing.scale).toBe(rescales ? 1 : 1 / 255);
    model.dispose();
  });

  test("its outputs and its loss are what it says", () => {
    const model = application.build({ classes });
    const isBinary = outputs.startsWith("binary");
    expect(model.output.shape).toEqual([null, isBinary ? 1 : classes]);
    expect(outputMeaning(model)).toBe(outputs.toLowerCase().endsWith("probabilities") ? "probabilities" : "logits");
    expect(loss === "binaryCrossentropy").toBe(isBinary);
    model.dispose();
  });

  test("the same seed gives the same weights, another one others", async () => {
    const weightsOf = async (seed: number): Promise<string> => {
      const model = application.build({ classes, seed });
      const text = fingerprintOf((await model.getWeights()).map(({ data }) => data));
      model.dispose();
      return text;
    };
    expect(await weightsOf(3)).toBe(await weightsOf(3));
    expect(await weightsOf(3)).not.toBe(await weightsOf(4));
  });

  test("refuses what it cannot be built with", () => {
    const wrong: [unknown, string][] = [
      [{ classes: 1 }, "classes"],
      [{ classes: 2.5 }, "classes"],
      [{ classes, inputShape: [32, 32] }, "inputShape"],
      [{ classes, inputShape: [32, 0, 3] }, "inputShape"],
      [{ classes, inputShape: "32x32" }, "inputShape"],
      [{ classes, seed: -1 }, "seed"],
      [{ classes, units: 3 }, "options"],
      [{ classes, filters: [] }, "filters"],
      [{ classes, filters: [0.5] }, "filters"],
      ["3", "options"],
    ];
    for (const [options, option] of wrong) {
      expect(() => application.build(options as BuildOptions)).toThrow(
        expect.objectContaining({ code: "INVALID_CONFIG", option }),
      );
    }
  });
});

test("how many classes there are must be said where the network does not know", () => {
  expect(() => applications.small.build()).toThrow(
    "small: classes must be an integer of at least 2, received undefined.",
  );
  expect(() => applications.n5.build({ classes: 3 })).toThrow(
    "n5: classes must be 2: this network has a single output",
  );
});

test("a network without dropout takes no rate", () => {
  expect(() => applications.n1.build({ dropout: 0.5 })).toThrow(expect.objectContaining({ option: "options" }));
  expect(() => applications.n5.build({ dropout: 1 })).toThrow(expect.objectContaining({ option: "dropout" }));
  const model = applications.n5.build({ dropout: 0.25 });
  expect(model.getLayer("dropout").getConfig()).toMatchObject({ rate: 0.25 });
  model.dispose();
});

test("filters are those that are asked for", () => {
  const filtersOf = (name: string, filters: readonly number[]): unknown[] => {
    const model = findApplication(name).build({ classes: 2, filters });
    const counts = model.layers
      .filter(({ className }) => className === "Conv2D")
      .map(({ output }) => output.shape.at(-1));
    model.dispose();
    return counts;
  };
  expect(filtersOf("n1", [4, 6, 8])).toEqual([4, 6, 8]);
  expect(filtersOf("small", [8, 16])).toEqual([8, 16, 16]);
  expect(filtersOf("resnet", [8])).toEqual([16, 8, 8, 8]);
  expect(() => applications.n1.build({ filters: [4, 6] })).toThrow("n1: filters must be 3 integers of at least 1");
});

test.for([
  ["n6", [null, null, 3], [1, 33, 71, 3]],
  ["small", [null, null, 3], [1, 40, 24, 3]],
  ["small", [9, 200, 1], [1, 9, 200, 1]],
  ["resnet", [20, 70, 1], [1, 20, 70, 1]],
  ["mobile", [33, 47, 3], [1, 33, 47, 3]],
] as const)("%s predicts for inputs of %j", ([name, inputShape, shape]) => {
  const model = findApplication(name).build({ inputShape, classes: 2, seed: 1 });
  const image = zeros([...shape]);
  const output = model.predict(image);
  expect([...output.dataSync()].every(Number.isFinite)).toBe(true);
  image.dispose();
  output.dispose();
  model.dispose();
});

test("preprocessing follows size and channels", () => {
  expect(preprocessingFor(applications.small, [48, 64, 1])).toMatchObject({
    size: [48, 64],
    channels: "grayscale",
    scale: 1 / 255,
    mean: [0.5],
    standardDeviation: [0.25],
  });
  for (const inputShape of [[null, 32, 3], [32, 32, 4], [32]] as const) {
    expect(() => preprocessingFor(applications.small, inputShape as never)).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "inputShape" }),
    );
  }
});

test("a name that is none names the nearest", () => {
  expect(() => findApplication("resnett")).toThrow("(did you mean resnet?), received");
  expect(() => findApplication("toString")).toThrow(expect.objectContaining({ option: "name" }));
  expect(() => findApplication(undefined as never)).toThrow(expect.objectContaining({ option: "name" }));
});

test("what an application says cannot be changed", () => {
  expect(() => Object.assign(applications.n1, { name: "n7" })).toThrow(TypeError);
});
