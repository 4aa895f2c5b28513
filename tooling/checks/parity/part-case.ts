import { Constraint, type Regularizer } from "@featuremap/layers";
import type { NumberArray } from "@featuremap/testing/closeness";
import * as tf from "@tensorflow/tfjs-core";
import { ConfigReader } from "@featuremap/layers/~internal/config/config-reader";
import { serializePart } from "@featuremap/layers/~internal/config/keras-object";
import { readPart } from "@featuremap/layers/~internal/layer/reading/part-readers";
import { constraints } from "@featuremap/layers/~internal/parts/constraints";
import { regularizers } from "@featuremap/layers/~internal/parts/regularizers";
import { type ExpectedArray, expected, read, tensorOf } from "./arrays.ts";
import type { Fact } from "./fact.ts";

/** What Keras's regularizer or constraint makes of a weight. */
export interface GoldenPart {
  /** Keras's JSON. */
  readonly part: { readonly class_name: string };
  readonly weight: NumberArray;
  /** A constraint's. */
  readonly result?: NumberArray;
  /** A regularizer's. */
  readonly loss?: NumberArray;
  readonly gradient?: NumberArray;
}

export function expectedOfPart({ result, loss, gradient }: GoldenPart): ExpectedArray[] {
  return [
    ...(result === undefined ? [] : [expected("result", result)]),
    ...(loss === undefined ? [] : [expected("loss", loss)]),
    ...(gradient === undefined ? [] : [expected("gradient", gradient)]),
  ];
}

export function measurePart(golden: GoldenPart): Promise<NumberArray[]> {
  const part = partOf(golden);
  return read(() => {
    const weight = tensorOf(golden.weight);
    if (part instanceof Constraint) return [part.apply(weight)];
    const loss = part.loss(weight);
    return golden.gradient === undefined ? [loss] : [loss, tf.grad((values) => part.loss(values))(weight)];
  });
}

export function factsOfPart(golden: GoldenPart): Fact[] {
  return [{ name: "config", actual: serializePart(partOf(golden)), expected: golden.part }];
}

function partOf(golden: GoldenPart): Constraint | Regularizer {
  const reader = new ConfigReader({ part: golden.part }, "fixture", "fixture");
  const part =
    golden.result === undefined ? readPart(reader, "part", regularizers) : readPart(reader, "part", constraints);
  if (part === null || part === undefined) throw new Error(`${golden.part.class_name} is not known`);
  return part;
}
