import * as training from "@featuremap/training";
import type { NestedNumbers } from "@featuremap/tensor";
import type { NumberArray } from "@featuremap/testing/closeness";
import * as tf from "@tensorflow/tfjs-core";
import { type ExpectedArray, arrayOf, expected, gradientsOf, labelsOf, read, tensorOf } from "./arrays.ts";

/** What Keras gave for a loss with one set of options. */
export interface GoldenLoss {
  readonly loss: string;
  readonly options: object;
  readonly target: NestedNumbers;
  readonly integerTarget: boolean;
  readonly output: NestedNumbers;
  readonly sampleWeight?: NestedNumbers;
  /** By the names of reductions. */
  readonly reduced: Readonly<Record<string, NestedNumbers>>;
  /** That of the loss as it is without a reduction of its own, by the output. */
  readonly gradient: NestedNumbers;
}

export function expectedOfLoss({ reduced, gradient }: GoldenLoss): ExpectedArray[] {
  return [
    ...Object.entries(reduced).map(([reduction, value]) => expected(`loss reduced by ${reduction}`, arrayOf(value))),
    expected("gradient", arrayOf(gradient)),
  ];
}

export async function measureLoss(golden: GoldenLoss): Promise<NumberArray[]> {
  const output = tf.tidy(() => tf.variable(tensorOf(arrayOf(golden.output))));
  const arrays = await read(() => {
    const labels = labelsOf(golden.target, golden.integerTarget);
    const target = tf.tensor(labels.data, [...labels.shape], golden.integerTarget ? "int32" : "float32");
    const sampleWeight = golden.sampleWeight === undefined ? undefined : tensorOf(arrayOf(golden.sampleWeight));
    const values = Object.keys(golden.reduced).map((reduction) =>
      makeLoss(golden.loss, { ...golden.options, reduction }).apply(target, output, { sampleWeight }),
    );
    const loss = makeLoss(golden.loss, golden.options);
    const scalar = (): tf.Scalar => tf.reshape(loss.apply(target, output, { sampleWeight }), []);
    return [...values, ...gradientsOf(scalar, [output])];
  });
  output.dispose();
  return arrays;
}

/** A loss by the name of its class. */
export function makeLoss(name: string, options: object): training.Loss {
  const made: unknown = Reflect.construct(Reflect.get(training, name) as typeof training.Hinge, [options]);
  if (made instanceof training.Loss) return made;
  throw new Error(`${name} is not a loss`);
}
