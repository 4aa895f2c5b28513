import { FormatError } from "@featuremap/tensor";
import { expect, test } from "vitest";
import { Input } from "../model/input-layer.ts";
import { ReLU } from "../layers/activation/relu.ts";
import { Sequential } from "../model/sequential.ts";
import { registerKerasSerializable } from "../layer/reading/register.ts";
import { deserializeModel, serializeModel } from "./serialization.ts";

type Entry = Record<string, unknown>;

function stackOf(...layers: Entry[]): Entry {
  const model = new Sequential([Input({ shape: [4, 4, 1] }), new ReLU()], { name: "stack" });
  const object = JSON.parse(JSON.stringify(serializeModel(model))) as { config: { layers: Entry[] } } & Entry;
  object.config.layers.push(...layers);
  model.dispose();
  return object;
}

const entry = (className: string, module: string | null = "keras.layers", config: Entry = {}): Entry => ({
  module,
  class_name: className,
  config: { name: className.toLowerCase(), ...config },
  registered_name: module === null ? className : null,
});

test("all that is missing is named at once, also within models and wrappers", () => {
  const inner = stackOf(
    entry("LSTM"),
    entry("Conv2D"),
    entry("SpectralNormalization", undefined, { layer: entry("Einsum") }),
  );
  const model = stackOf(
    entry("Lambda"),
    inner,
    entry("Embedding"),
    entry("Lambda"),
    entry("Cumsum", "keras.src.ops.numpy"),
  );
  expect(() => deserializeModel(model, "a.keras")).toThrow(FormatError);
  expect(() => deserializeModel(model, "a.keras")).toThrow(
    "or registered by registerKerasSerializable; a Lambda is Python code, which is never run here, " +
      "found Lambda, LSTM, Einsum, Embedding, operation Cumsum.",
  );
});

test("what is registered is not missing, whether Python knew a package or not", () => {
  class Doubling extends ReLU {
    static override readonly className = "Doubling";
    static override fromConfig(reader: { string(key: string): string | undefined }): Doubling {
      return new Doubling({ name: reader.string("name") });
    }
  }
  expect(() => deserializeModel(stackOf(entry("Doubling", null)))).toThrow("found Doubling.");
  registerKerasSerializable(Doubling, { package: "mine" });
  const model = deserializeModel(stackOf(entry("Doubling", null)));
  expect(model.layers.at(-1)).toBeInstanceOf(Doubling);
  model.dispose();
});
