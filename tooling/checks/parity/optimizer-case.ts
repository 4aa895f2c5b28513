import * as training from "@featuremap/training";
import type { NestedNumbers } from "@featuremap/tensor";
import type { NumberArray } from "@featuremap/testing/closeness";
import * as tf from "@tensorflow/tfjs-core";
import { type ExpectedArray, arrayOf, expected, expectedMoves, read, tensorOf } from "./arrays.ts";

/** What Keras's optimizer, or a schedule under an optimizer, made of weights in some steps. */
export interface GoldenSteps {
  readonly optimizer: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** In place of a learning rate that stays. */
  readonly schedule?: { readonly name: string; readonly options: object };
  readonly weights: readonly NestedNumbers[];
  /** Step by step, for each weight. */
  readonly gradients: readonly (readonly NestedNumbers[])[];
  readonly afterFirst?: readonly NestedNumbers[];
  readonly afterLast: readonly NestedNumbers[];
  /** After what Keras does to weights at the end of training. */
  readonly finalized?: readonly NestedNumbers[];
  /** Steps that the optimizer has counted. */
  readonly iterations?: number;
  readonly learningRate?: number;
  /** Rates of the schedule at steps. */
  readonly rates?: { readonly steps: readonly number[]; readonly values: readonly number[] };
}

export function expectedOfSteps(golden: GoldenSteps): ExpectedArray[] {
  const { weights, afterFirst = [], afterLast, finalized = [], iterations, learningRate, rates } = golden;
  return [
    ...expectedMoves("after the first step, weight", afterFirst, weights),
    ...expectedMoves("after the last step, weight", afterLast, weights, "steps"),
    ...expectedMoves("finalized, weight", finalized, weights, "steps"),
    ...(iterations === undefined ? [] : [expected("iterations", arrayOf(iterations))]),
    ...(learningRate === undefined ? [] : [expected("learning rate", arrayOf(learningRate))]),
    // One by one, so that each is held to a share of itself: some are a thousandth of others.
    ...(rates?.values.map((rate, index) => expected(`rate of step ${rates.steps[index]}`, arrayOf(rate))) ?? []),
  ];
}

export async function measureSteps(golden: GoldenSteps): Promise<NumberArray[]> {
  const { optimizer, schedule } = makeOptimizer(golden);
  const variables = golden.weights.map((values) => tf.tidy(() => tf.variable(tensorOf(arrayOf(values)))));
  const [first = [], ...others] = golden.gradients;
  takeStep(optimizer, variables, first);
  const arrays = golden.afterFirst === undefined ? [] : await read(() => variables);
  for (const gradients of others) takeStep(optimizer, variables, gradients);
  arrays.push(...(await read(() => variables)));
  if (golden.finalized !== undefined) {
    optimizer.finalizeVariableValues(variables);
    arrays.push(...(await read(() => variables)));
  }
  const numbers = [
    ...(golden.iterations === undefined ? [] : [optimizer.iterations]),
    ...(golden.learningRate === undefined ? [] : [optimizer.learningRate]),
    ...(golden.rates?.steps.map((step) => schedule?.at(step) ?? Number.NaN) ?? []),
  ];
  tf.dispose(variables);
  optimizer.dispose();
  return [...arrays, ...numbers.map((value) => ({ shape: [], values: [value] }))];
}

function takeStep(
  optimizer: training.Optimizer,
  variables: readonly tf.Variable[],
  gradients: readonly NestedNumbers[],
): void {
  tf.tidy(() => {
    optimizer.apply(
      variables.map((variable, index) => ({
        variable,
        gradient: tensorOf(arrayOf(gradients[index] ?? Number.NaN)),
        name: index === 0 ? "dense/kernel" : "dense/bias",
      })),
    );
  });
}

function makeOptimizer({ optimizer: name, options: given, schedule: chosen }: GoldenSteps) {
  const { exclude, ...options } = given;
  const schedule =
    chosen === undefined
      ? undefined
      : (Reflect.construct(Reflect.get(training, chosen.name) as typeof training.CosineDecay, [
          chosen.options,
        ]) as training.LearningRateSchedule);
  const config = schedule === undefined ? options : { ...options, learningRate: schedule };
  const made: unknown = Reflect.construct(Reflect.get(training, name) as typeof training.SGD, [config]);
  if (!(made instanceof training.Optimizer)) throw new Error(`${name} is not an optimizer`);
  if (exclude !== undefined) made.excludeFromWeightDecay({ names: ["bias"] });
  return { optimizer: made as training.Optimizer, schedule };
}
