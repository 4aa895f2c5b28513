import { useBackend } from "@featuremap/testing/backend";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import {
  BatchNormalization,
  CutMix,
  Dense,
  Dropout,
  GaussianNoise,
  Input,
  type Layer,
  Model,
  RandomFlip,
  Resizing,
  SpatialDropout2D,
  SpectralNormalization,
  deserializeModel,
  serializeModel,
} from "../index.ts";

useBackend();

type Json = { config: { layers: { inbound_nodes: { kwargs: Record<string, unknown> }[] }[] } };

function modelOf(layer: Layer, training?: boolean): Model {
  const input = Input({ shape: [4, 4, 3] });
  return new Model({ inputs: input, outputs: layer.apply(input, { training }), seed: 1 });
}

// As Keras 3.15.1 writes functional models.
describe("what Keras writes where nobody says whether a layer trains", () => {
  test.for<readonly [Layer, object]>([
    [new Dropout({ rate: 0.5 }), { training: false }],
    [new SpatialDropout2D({ rate: 0.5 }), { training: false }],
    [new GaussianNoise({ stddev: 1 }), { training: false }],
    [new SpectralNormalization({ layer: new Dense({ units: 2 }) }), { training: false }],
    [new RandomFlip(), { training: true }],
    [new Resizing({ height: 2, width: 2 }), { training: true }],
    [new CutMix(), { training: true }],
    [new BatchNormalization(), { mask: null }],
    [new Dense({ units: 2 }), {}],
  ])("%o", ([layer, kwargs]) => {
    const model = modelOf(layer);
    const json = serializeModel(model) as unknown as Json;
    expect(json.config.layers[1]?.inbound_nodes[0]?.kwargs).toEqual(kwargs);
    expect(serializeModel(deserializeModel(json))).toEqual(json);
    model.dispose();
  });

  test.for([true, false])("what was said as %s is written", (training) => {
    const json = serializeModel(modelOf(new BatchNormalization(), training)) as unknown as Json;
    expect(json.config.layers[1]?.inbound_nodes[0]?.kwargs).toEqual({ training });
    expect(serializeModel(deserializeModel(json))).toEqual(json);
  });
});

describe("a model that is read follows the pass", () => {
  const differs = (model: Model, training: boolean): boolean =>
    tf.tidy(() => {
      const input = tf.randomUniform([2, 4, 4, 3], 0, 1, "float32", 1);
      const [output] = model.callAll([input], { training });
      return tf.max(tf.abs(tf.sub(output ?? 0, input))).dataSync()[0] !== 0;
    });

  test.for<() => Layer>([() => new Dropout({ rate: 0.9 }), () => new RandomFlip({ mode: "vertical" })])(
    "%o",
    (make) => {
      const model = deserializeModel(JSON.parse(JSON.stringify(serializeModel(modelOf(make())))));
      expect(differs(model, false)).toBe(false);
      // Of a few draws one changes something.
      expect(Array.from({ length: 8 }, () => differs(model, true))).toContain(true);
      model.dispose();
    },
  );
});
