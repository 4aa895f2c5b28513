import type { NumberArray } from "@featuremap/testing/closeness";
import { memory } from "@tensorflow/tfjs-core";
import type { ExpectedArray } from "./arrays.ts";
import type { Fact } from "./fact.ts";
import { type GoldenGraph, expectedOfGraph, measureGraph } from "./graph-case.ts";
import { type GoldenLayer, expectedOfLayer, factsOfLayer, measureLayer } from "./layer-case.ts";
import { type GoldenLoss, expectedOfLoss, measureLoss } from "./loss-case.ts";
import { type GoldenMetric, expectedOfMetric, measureMetric } from "./metric-case.ts";
import { type GoldenNetwork, expectedOfNetwork, measureNetwork } from "./network-case.ts";
import { type GoldenSteps, expectedOfSteps, measureSteps } from "./optimizer-case.ts";
import { type GoldenPart, expectedOfPart, factsOfPart, measurePart } from "./part-case.ts";

/** How the cases of one kind are measured on a device, and what Keras gave for them. */
interface Family<Golden> {
  readonly expected: (golden: Golden) => readonly ExpectedArray[];
  /** In the order of what is expected. */
  readonly measure: (golden: Golden) => Promise<readonly NumberArray[]>;
  readonly facts?: (golden: Golden) => readonly Fact[];
}

interface Goldens {
  readonly graph: GoldenGraph;
  readonly layer: GoldenLayer;
  readonly loss: GoldenLoss;
  readonly metric: GoldenMetric;
  readonly network: GoldenNetwork;
  readonly optimizer: GoldenSteps;
  readonly part: GoldenPart;
}

type FamilyName = keyof Goldens;

/** One thing that Keras gave numbers for: one set of options of a layer, of a loss, and so on. It is data alone. */
export interface ParityCase<Name extends FamilyName = FamilyName> {
  readonly family: Name;
  /** The fixture's name. */
  readonly fixture: string;
  readonly name: string;
  readonly golden: Goldens[Name];
}

/** What a case came to on a device. */
export interface ParityResult {
  readonly actual: readonly NumberArray[];
  readonly expected: readonly ExpectedArray[];
  /** Tensors that were left behind. */
  readonly leaked: number;
  /** Why there are no numbers. */
  readonly error?: string;
}

const families: { readonly [Name in FamilyName]: Family<Goldens[Name]> } = {
  graph: { expected: expectedOfGraph, measure: measureGraph },
  layer: { expected: expectedOfLayer, measure: measureLayer, facts: factsOfLayer },
  loss: { expected: expectedOfLoss, measure: measureLoss },
  metric: { expected: expectedOfMetric, measure: measureMetric },
  network: { expected: expectedOfNetwork, measure: measureNetwork },
  optimizer: { expected: expectedOfSteps, measure: measureSteps },
  part: { expected: expectedOfPart, measure: measurePart, facts: factsOfPart },
};

/** Computes a case on the backend in use. */
export async function runCase<Name extends FamilyName>({ family, golden }: ParityCase<Name>): Promise<ParityResult> {
  const { expected, measure }: Family<Goldens[Name]> = families[family];
  const before = memory().numTensors;
  try {
    const actual = await measure(golden);
    return { actual, expected: expected(golden), leaked: memory().numTensors - before };
  } catch (error) {
    return { actual: [], expected: expected(golden), leaked: 0, error: String(error) };
  }
}

/** Whether there is anything that must hold on any device alike: see {@link factsOf}. */
export function hasFacts({ family }: ParityCase): boolean {
  return families[family].facts !== undefined;
}

/** What must hold on any device alike. */
export function factsOf<Name extends FamilyName>({ family, golden }: ParityCase<Name>): readonly Fact[] {
  const { facts }: Family<Goldens[Name]> = families[family];
  return facts?.(golden) ?? [];
}
