import type { NumberArray } from "@featuremap/testing/closeness";
import { activationNames } from "@featuremap/layers/~internal/parts/activations";
import type { GoldenLayer } from "./layer-case.ts";
import { type ParityCase, runCase } from "./parity-case.ts";

/** Where a case with one NaN in its data gives NaN. */
export interface NanPlaces {
  /** Where the NaN was put: "inputs.0", "weights.1". */
  readonly put: string;
  /** Of each array that the case gives: where it is NaN. */
  readonly arrays: readonly (readonly boolean[])[];
  readonly error?: string | undefined;
}

const dataOf: Readonly<Record<string, readonly string[]>> = {
  graph: ["inputs", "weights"],
  layer: ["inputs", "weights", "upstream"],
  loss: ["output"],
  metric: [],
  network: [],
  optimizer: ["gradients", "weights"],
  part: ["weight"],
};

/** Whether a case has data to put a NaN into. Metrics count, and networks are made of layers. */
export function takesNan({ family }: ParityCase): boolean {
  return dataOf[family]?.length !== 0;
}

/** Computes a case on the backend in use, once for each array of its data, whose first number is NaN. */
export async function placesOfNan(entry: ParityCase): Promise<NanPlaces[]> {
  const places: NanPlaces[] = [];
  for (const put of arraysOf(entry)) {
    const { actual, error } = await runCase(withNan(entry, put));
    places.push({ put: put.join("."), arrays: actual.map(({ values }) => Array.from(values, Number.isNaN)), error });
  }
  return places;
}

/** Paths of the arrays that a case computes with, but of integers. */
function arraysOf({ family, golden }: ParityCase): (string | number)[][] {
  return Object.entries(golden).flatMap(([key, value]) => {
    if (dataOf[family]?.includes(key) !== true) return [];
    const isList = Array.isArray(value) && family !== "loss";
    return isList ? value.map((_, index) => [key, index]) : [[key]];
  });
}

function withNan(entry: ParityCase, put: readonly (string | number)[]): ParityCase {
  const copy = structuredClone(entry);
  let place: unknown = copy.golden;
  for (const key of put) place = Reflect.get(place as object, key);
  poison(place as object);
  return copy;
}

/** Makes the first number NaN. */
function poison(place: object): void {
  const inside: unknown = Array.isArray(place) ? place : Reflect.get(place, "values");
  if (!Array.isArray(inside)) throw new Error("there is no number to replace");
  if (typeof inside[0] === "object") poison(inside[0]);
  else if (inside.length > 0) inside[0] = Number.NaN;
}

function ramp(...shape: readonly number[]): NumberArray {
  const size = shape.reduce((product, length) => product * length, 1);
  return { shape, values: Array.from({ length: size }, (_, index) => Math.cos(index)) };
}

/** Layers that devices fuse activations into; with 4 channels, WebGPU computes four numbers at once. */
const fusing = [1, 4].flatMap((channels) => [
  {
    class_name: "Dense",
    config: { units: channels },
    input: ramp(2, channels),
    weights: [ramp(channels, channels), ramp(channels)],
  },
  {
    class_name: "Conv2D",
    config: { filters: channels, kernel_size: [3, 3] },
    input: ramp(2, 5, 6, channels),
    weights: [ramp(3, 3, channels, channels), ramp(channels)],
  },
  {
    class_name: "DepthwiseConv2D",
    config: { kernel_size: [3, 3] },
    input: ramp(2, 5, 6, channels),
    weights: [ramp(3, 3, channels, 1), ramp(channels)],
  },
]);

/** Every activation by each of its names, in every layer that may fuse it. */
export const fusedCases: readonly ParityCase<"layer">[] = fusing.flatMap(({ class_name, config, input, weights }) =>
  activationNames
    .filter((activation) => activation !== "glu")
    .map((activation) => {
      const name = `${class_name} of ${input.shape.at(-1)} channels, ${activation}`;
      const golden: GoldenLayer = {
        name,
        layer: { class_name, config: { ...config, activation } },
        inputs: [input],
        weights,
        outputShape: [],
        output: input,
        upstream: { shape: [], values: [1] },
        inputGradients: [],
      };
      return { family: "layer" as const, fixture: "fused", name, golden };
    }),
);
