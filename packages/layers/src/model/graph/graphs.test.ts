import { beforeAll, describe, expect, test } from "vitest";
import golden from "../../fixtures/models/graphs.json" with { type: "json" };
import {
  type ConfigReader,
  Dense,
  Input,
  Layer,
  Model,
  Sequential,
  deserializeModel,
  registerKerasSerializable,
  serializeModel,
} from "../../index.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { LearnedScaling } from "../../testing/learned-scaling.ts";

useBackend(registerGradients);

beforeAll(() => registerKerasSerializable(LearnedScaling, { package: "garden", name: "Scaling" }));

describe("models from Keras", () => {
  test.each(golden.map((entry) => [entry.name, entry] as const))("come back as Keras's JSON: %s", (_name, { json }) => {
    // Which Python module a user's class stands in is Keras's own matter.
    const expected: unknown = JSON.parse(json.replace('"module": "layers_graphs"', '"module": null'));
    expect(JSON.parse(JSON.stringify(serializeModel(deserializeModel(JSON.parse(json)))))).toEqual(expected);
  });

  test("share one weight between two places, whose gradients add up", () => {
    const towers = golden.find(({ name }) => name === "towers");
    const model = deserializeModel(JSON.parse(towers?.json ?? "{}"));
    expect(model.getLayer("shared").nodes).toHaveLength(2);
    expect(model.weights).toHaveLength(4);
  });

  test("learn no weight of a frozen model inside until it is freed, for good", () => {
    const frozen = golden.find(({ name }) => name === "frozen_inside");
    const model = deserializeModel(JSON.parse(frozen?.json ?? "{}"));
    const learning = (): number => model.trainableWeights.length;
    expect(learning()).toBe(2);
    expect(model.nonTrainableWeights).toHaveLength(5);
    model.getLayer("inner").trainable = true;
    expect(learning()).toBe(5);
    model.getLayer("fixed").trainable = true;
    expect(learning()).toBe(7);
    model.trainable = false;
    expect(learning()).toBe(0);
  });
});

describe("registerKerasSerializable", () => {
  test("lets models with a user's own layer be saved and loaded", async () => {
    const model = new Sequential([new LearnedScaling({ power: 3, inputShape: [2] }), new Dense({ units: 1 })]);
    const json = JSON.parse(JSON.stringify(serializeModel(model))) as Parameters<typeof deserializeModel>[0];
    expect(json).toMatchObject({
      config: { layers: [{}, { module: null, class_name: "LearnedScaling", registered_name: "garden>Scaling" }, {}] },
    });
    const copy = deserializeModel(json);
    expect(copy.layers[0]).toBeInstanceOf(LearnedScaling);
    expect(copy.layers[0]?.getConfig()).toMatchObject({ power: 3 });
    expect((await copy.getWeights()).map(({ shape }) => shape)).toEqual([[2], [2, 1], [1]]);
  });

  test("registers under the class's name in the package Custom, and the later class where there are two", () => {
    class Twice extends LearnedScaling {
      static override readonly className: string = "Twice";
      static override fromConfig(reader: ConfigReader): Twice {
        return new Twice({ ...reader.base(), power: reader.number("power") ?? 2 });
      }
    }
    registerKerasSerializable(LearnedScaling, { name: "Twice" });
    registerKerasSerializable(Twice);
    registerKerasSerializable(LearnedScaling, { package: "garden", name: "Scaling" });
    const input = Input({ shape: [2] });
    const model = new Model({ inputs: input, outputs: new Twice({ power: 2 }).apply(input) });
    const json: unknown = JSON.parse(JSON.stringify(serializeModel(model)));
    expect(JSON.stringify(json)).toContain('"registered_name":"Custom>Twice"');
    expect(deserializeModel(json).layers[1]).toBeInstanceOf(Twice);
  });

  test("is needed: a class that nobody registered is refused by name", () => {
    const json = { class_name: "Sequential", config: { layers: [{ class_name: "Mystery", config: {} }] } };
    expect(() => deserializeModel(json)).toThrow(/by registerKerasSerializable, found Mystery/);
  });

  test.for([
    ["target", Layer, {}],
    ["target", class extends LearnedScaling {}, {}],
    ["package", LearnedScaling, { package: "" }],
    ["name", LearnedScaling, { name: "a>b" }],
    ["options", LearnedScaling, { packge: "garden" }],
  ] as const)("rejects a wrong %s", ([option, ...parameters]) => {
    expect(() => Reflect.apply(registerKerasSerializable, undefined, parameters)).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option }),
    );
  });
});
