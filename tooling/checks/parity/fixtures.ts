import { readFileSync, readdirSync } from "node:fs";
import type { NumberArray } from "@featuremap/testing/closeness";
import type { GoldenGraph } from "./graph-case.ts";
import type { GoldenLayer } from "./layer-case.ts";
import type { GoldenLoss } from "./loss-case.ts";
import type { GoldenMetric } from "./metric-case.ts";
import type { GoldenNetwork } from "./network-case.ts";
import type { GoldenSteps } from "./optimizer-case.ts";
import type { ParityCase } from "./parity-case.ts";
import type { GoldenPart } from "./part-case.ts";

const packages = new URL("../../../packages/", import.meta.url);
const layerFolder = new URL("layers/src/fixtures/", packages);
const trainingFolder = new URL("training/src/", packages);

/** Folders of fixtures that hold no numbers of single layers. Parts and models are compared below, or by tests of their own. */
const otherFamilies: ReadonlySet<string> = new Set(["models", "parts"]);

function readFixture<Content>(path: string, folder: URL): Content {
  return JSON.parse(readFileSync(new URL(path, folder), "utf8")) as Content;
}

/** As layers of one input stand in fixtures. */
type GoldenOfOneInput = Omit<GoldenLayer, "inputs" | "inputGradients"> & {
  readonly input: NumberArray;
  readonly inputGradient: NumberArray;
};

/** Every layer with every set of options. */
function layerCases(): ParityCase<"layer">[] {
  const families = readdirSync(layerFolder).filter((family) => !otherFamilies.has(family));
  return families
    .flatMap((family) => readdirSync(new URL(family, layerFolder)).map((file) => `${family}/${file}`))
    .flatMap((path) =>
      readFixture<(GoldenLayer | GoldenOfOneInput)[]>(path, layerFolder).map((entry) => ({
        family: "layer",
        fixture: path.replace(/^.*\/|\.json$/g, ""),
        name: `${entry.layer.class_name}, ${entry.name}`,
        golden: "inputs" in entry ? entry : { ...entry, inputs: [entry.input], inputGradients: [entry.inputGradient] },
      })),
    );
}

/** Regularizers and constraints. */
function partCases(): ParityCase<"part">[] {
  return ["constraints", "regularizers"].flatMap((fixture) =>
    readFixture<GoldenPart[]>(`parts/${fixture}.json`, layerFolder).map((golden, index) => ({
      family: "part",
      fixture,
      name: `${golden.part.class_name} ${index}`,
      golden,
    })),
  );
}

interface WindowModel {
  readonly json: string;
  readonly weights: readonly NumberArray[];
  readonly input: NumberArray;
  readonly output: NumberArray;
}

/** Graphs of layers and whole networks. */
function modelCases(): ParityCase[] {
  const graphs = readFixture<(GoldenGraph & { readonly name: string })[]>("models/graphs.json", layerFolder);
  const windows = readFixture<WindowModel[]>("models/window-model.json", layerFolder);
  const networks = readFixture<GoldenNetwork[]>("models/network-steps.json", layerFolder);
  return [
    ...graphs.map((golden) => ({ family: "graph" as const, fixture: "graphs", name: golden.name, golden })),
    ...windows.map(({ json, weights, input, output }, index) => ({
      family: "graph" as const,
      fixture: "window-model",
      name: `network ${index}`,
      golden: { json, weights, inputs: [input], outputs: [output] },
    })),
    ...networks.map((golden) => ({ family: "network" as const, fixture: "network-steps", name: golden.name, golden })),
  ];
}

type CrossEntropy = Omit<GoldenLoss, "options" | "reduced"> & {
  readonly name: string;
  readonly fromLogits: boolean;
  readonly values: GoldenLoss["target"];
  readonly mean: GoldenLoss["target"];
};

function lossCases(): ParityCase<"loss">[] {
  const crossEntropies = readFixture<{ cases: CrossEntropy[] }>(
    "losses/cross-entropies.golden.json",
    trainingFolder,
  ).cases;
  return [
    ...crossEntropies.map(({ name, fromLogits, values, mean, ...golden }) => ({
      family: "loss" as const,
      fixture: "cross-entropies",
      name: `${golden.loss}${fromLogits ? " from logits" : ""}, ${name}`,
      golden: { ...golden, options: { fromLogits }, reduced: { none: values, sumOverBatchSize: mean } },
    })),
    ...["losses", "loss-limits"].flatMap((fixture) =>
      readFixture<{ cases: GoldenLoss[] }>(`losses/${fixture}.golden.json`, trainingFolder).cases.map(
        (golden, index) => ({
          family: "loss" as const,
          fixture,
          name: `${index}, ${golden.loss} ${JSON.stringify(golden.options)}`,
          golden,
        }),
      ),
    ),
  ];
}

interface GoldenMetrics {
  readonly data: Readonly<Record<string, GoldenMetric["batches"]>>;
  readonly confusionMatrix: readonly (readonly number[])[];
  readonly cases: readonly (Omit<GoldenMetric, "batches"> & { readonly data: string })[];
}

function metricCases(): ParityCase<"metric">[] {
  type Accuracy = Omit<GoldenMetric, "options"> & { readonly name: string };
  const accuracies = readFixture<{ cases: Accuracy[] }>("metrics/accuracies.golden.json", trainingFolder).cases;
  const all = readFixture<GoldenMetrics>("metrics/metrics.golden.json", trainingFolder);
  const limits = readFixture<{ cases: GoldenMetric[] }>("metrics/metric-limits.golden.json", trainingFolder).cases;
  const matrix = all.confusionMatrix.flat();
  const matrices = ["labels", "hot"].map((data) => ({ metric: "ConfusionMatrix", options: {}, data, result: matrix }));
  return [
    ...accuracies.map(({ name, ...golden }) => ({
      family: "metric" as const,
      fixture: "accuracies",
      name: `${golden.metric}, ${name}`,
      golden: { ...golden, options: {} },
    })),
    ...[...all.cases, ...matrices].map(({ data, ...golden }) => ({
      family: "metric" as const,
      fixture: "metrics",
      name: `${golden.metric} ${JSON.stringify(golden.options)} of ${data}`,
      golden: { ...golden, batches: all.data[data] ?? [] },
    })),
    ...limits.map((golden, index) => ({
      family: "metric" as const,
      fixture: "metric-limits",
      name: `${index}, ${golden.metric} ${JSON.stringify(golden.options)}`,
      golden,
    })),
  ];
}

type Steps = Pick<GoldenSteps, "weights" | "gradients">;

function optimizerCases(): ParityCase<"optimizer">[] {
  interface Optimizers extends Steps {
    readonly cosine?: object;
    readonly cases: readonly Omit<GoldenSteps, keyof Steps>[];
  }
  return ["optimizers", "optimizer-options", "shares-near-one"].flatMap((fixture) => {
    const path = `optimizers/${fixture}.golden.json`;
    const { weights, gradients, cosine, cases } = readFixture<Optimizers>(path, trainingFolder);
    return cases.map((golden) => {
      const scheduled = golden.options["learningRate"] === "cosine" && cosine !== undefined;
      const schedule = scheduled ? { schedule: { name: "CosineDecay", options: cosine } } : {};
      return {
        family: "optimizer" as const,
        fixture,
        name: `${golden.optimizer} ${JSON.stringify(golden.options)}`,
        golden: { ...golden, ...schedule, weights, gradients },
      };
    });
  });
}

interface Schedules extends Steps {
  readonly steps: readonly number[];
  readonly cases: readonly {
    readonly schedule: string;
    readonly options: object;
    readonly rates: readonly number[];
    readonly afterLast: GoldenSteps["afterLast"];
  }[];
}

/** Each schedule's rates, and the weights that plain gradient descent under it comes to. */
function scheduleCases(): ParityCase<"optimizer">[] {
  const path = "schedules/schedules.golden.json";
  const { steps, weights, gradients, cases } = readFixture<Schedules>(path, trainingFolder);
  return cases.map(({ schedule, options, rates, afterLast }) => ({
    family: "optimizer",
    fixture: "schedules",
    name: `${schedule} ${JSON.stringify(options)}`,
    golden: {
      optimizer: "SGD",
      options: {},
      schedule: { name: schedule, options },
      weights,
      gradients,
      afterLast,
      rates: { steps, values: rates },
    },
  }));
}

/** All that Keras gave numbers for. */
export const parityCases: readonly ParityCase[] = [
  ...layerCases(),
  ...partCases(),
  ...modelCases(),
  ...lossCases(),
  ...metricCases(),
  ...optimizerCases(),
  ...scheduleCases(),
];
