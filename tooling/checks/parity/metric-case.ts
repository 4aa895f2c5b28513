import * as training from "@featuremap/training";
import type { NestedNumbers } from "@featuremap/tensor";
import type { NumberArray } from "@featuremap/testing/closeness";
import { type ExpectedArray, arrayOf, expected, hostArrayOf, labelsOf } from "./arrays.ts";
import { makeLoss } from "./loss-case.ts";

/** What Keras gave for a metric with one set of options, over batches. */
export interface GoldenMetric {
  readonly metric: string;
  readonly options: object;
  readonly batches: readonly {
    readonly target: NestedNumbers;
    readonly integerTarget: boolean;
    readonly output: NestedNumbers;
  }[];
  readonly result: NestedNumbers;
}

export function expectedOfMetric({ result }: GoldenMetric): ExpectedArray[] {
  return [expected("result", arrayOf(result))];
}

export async function measureMetric({ metric, options, batches }: GoldenMetric): Promise<NumberArray[]> {
  const stream = new training.MetricStream(makeMetric(metric, options));
  for (const { target, integerTarget, output } of batches) {
    await stream.updateState(labelsOf(target, integerTarget), hostArrayOf(arrayOf(output)));
  }
  const value = stream.result();
  return [typeof value === "number" ? { shape: [], values: [value] } : { shape: [value.length], values: [...value] }];
}

/** A metric by the name of its class; Keras has classes of metrics that are the mean of a loss. */
function makeMetric(name: string, options: object): training.Metric {
  const type: unknown = Reflect.get(training, name);
  if (typeof type === "function" && type.prototype instanceof training.Loss) {
    return new training.MeanLoss({ name, loss: makeLoss(name, options) });
  }
  const made: unknown = Reflect.construct(type as typeof training.Accuracy, [options]);
  if (made instanceof training.Metric) return made;
  throw new Error(`${name} is not a metric`);
}
