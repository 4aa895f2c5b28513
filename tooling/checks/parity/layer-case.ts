import type { Layer } from "@featuremap/layers";
import type { Shape } from "@featuremap/tensor";
import type { NumberArray } from "@featuremap/testing/closeness";
import * as tf from "@tensorflow/tfjs-core";
import { ImageTransformLayer } from "@featuremap/layers/~internal/layers/preprocessing/image-transform-layer";
import { Normalization } from "@featuremap/layers/~internal/layers/preprocessing/normalization";
import { deserializeLayer } from "@featuremap/layers/~internal/saving/serialization";
import { type ExpectedArray, expected, expectedEach, gradientsOf, hostArrayOf, read, tensorOf } from "./arrays.ts";
import type { Fact } from "./fact.ts";

/** What Keras gave for a layer with one set of options: see `tooling/fixtures`. */
export interface GoldenLayer {
  readonly name: string;
  /** Keras's JSON. */
  readonly layer: { readonly class_name: string; readonly config: Readonly<Record<string, unknown>> };
  readonly inputs: readonly NumberArray[];
  readonly weights?: readonly NumberArray[];
  readonly outputShape: readonly (number | null)[];
  readonly output: NumberArray;
  /** The loss is `sum(output * upstream)`. */
  readonly upstream: NumberArray;
  readonly inputGradients: readonly NumberArray[];
  readonly weightGradients?: readonly NumberArray[];
  /** After a pass that trains; where it is there, outputs and gradients are those of such a pass too. */
  readonly weightsAfter?: readonly NumberArray[];
  /** What a layer was adapted to, which made its weights. */
  readonly adapted?: NumberArray;
  /** The transformation that an augmenting layer was told to make of its input. */
  readonly given?: unknown;
}

export function expectedOfLayer(golden: GoldenLayer): ExpectedArray[] {
  return [
    expected("output", golden.output),
    ...expectedEach("weight after training", golden.weightsAfter ?? []),
    ...expectedEach("gradient of input", golden.inputGradients),
    ...expectedEach("gradient of weight", golden.weightGradients ?? []),
    ...(golden.adapted === undefined ? [] : expectedEach("adapted weight", golden.weights ?? [])),
  ];
}

export async function measureLayer(golden: GoldenLayer): Promise<NumberArray[]> {
  const layer = built(golden);
  const inputs = golden.inputs.map((input) => tf.tidy(() => tf.variable(tensorOf(input))));
  const training = golden.weightsAfter !== undefined;
  const arrays = await read(() => {
    const output = outputOf(layer, inputs, golden);
    const after = training ? layer.weights.map(({ variable }) => tf.clone(variable)) : [];
    // The pass before may have moved them.
    if (training) layer.setWeights((golden.weights ?? []).map(hostArrayOf));
    const variables = [...inputs, ...layer.trainableWeights.map(({ variable }) => variable)];
    const upstream = tensorOf(golden.upstream);
    const loss = (): tf.Scalar => tf.sum(tf.mul(outputOf(layer, inputs, golden), upstream));
    return [output, ...after, ...gradientsOf(loss, variables)];
  });
  tf.dispose(inputs);
  layer.dispose();
  return golden.adapted === undefined ? arrays : [...arrays, ...(await adaptedWeights(golden, golden.adapted))];
}

/** What does not depend on the device: that the layer has Keras's config, and promises Keras's output shape. */
export function factsOfLayer(golden: GoldenLayer): Fact[] {
  const layer = built(golden);
  const open: Shape[] = golden.inputs.map(({ shape }) => [null, ...shape.slice(1)]);
  const facts = [
    { name: "config", actual: JSON.parse(JSON.stringify(layer.serialize())) as unknown, expected: golden.layer },
    { name: "output shape", actual: layer.inferShapes(open), expected: [golden.outputShape] },
  ];
  layer.dispose();
  return facts;
}

function built(golden: GoldenLayer): Layer {
  const layer = deserializeLayer(golden.layer, "fixture");
  layer.buildAll(golden.inputs.map(({ shape }) => shape));
  layer.setWeights((golden.weights ?? []).map(hostArrayOf));
  return layer;
}

function outputOf(layer: Layer, inputs: readonly tf.Tensor[], golden: GoldenLayer): tf.Tensor {
  const [input = tf.zeros([0])] = inputs;
  if (golden.given === undefined) {
    const [output = tf.zeros([0])] = layer.callAll(inputs, { training: golden.weightsAfter !== undefined });
    return output;
  }
  if (!(layer instanceof ImageTransformLayer)) throw new Error(`${layer.name} takes no transformation`);
  return layer.transformImages(input, givenTransformation(golden.layer.class_name, golden.given));
}

/** A transformation from the numbers in a fixture, in the form of its class. */
function givenTransformation(className: string, given: unknown): unknown {
  switch (className) {
    case "RandomFlip":
      return { flips: given };
    case "RandomRotation":
      return { angles: given };
    case "RandomTranslation":
      return { translations: given };
    case "RandomZoom": {
      const rows = given as readonly (readonly number[])[];
      return { heightZoom: rows.map(([height]) => height), widthZoom: rows.map(([, width]) => width) };
    }
    case "RandomContrast":
      return { contrastFactor: given };
    case "RandomBrightness":
      return { rgbDelta: given };
    default:
      return given;
  }
}

async function adaptedWeights(golden: GoldenLayer, data: NumberArray): Promise<NumberArray[]> {
  const layer = deserializeLayer(golden.layer, "fixture");
  if (!(layer instanceof Normalization)) throw new Error(`${layer.name} does not adapt`);
  await layer.adapt(hostArrayOf(data));
  const weights = (await layer.getWeights()).map(({ data: values, shape }) => ({ shape, values: Array.from(values) }));
  layer.dispose();
  return weights;
}
