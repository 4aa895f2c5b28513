import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { type Tensor, type TensorLike, type Variable, tensor, tidy, variable } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { CosineDecay } from "../schedules/cosine-decay.ts";
import { Adadelta } from "./adadelta.ts";
import { Adagrad } from "./adagrad.ts";
import { Adam } from "./adam.ts";
import { AdamW } from "./adam-w.ts";
import { Adamax } from "./adamax.ts";
import { Lion } from "./lion.ts";
import golden from "./optimizer-options.golden.json" with { type: "json" };
import { Nadam } from "./nadam.ts";
import type { Optimizer } from "./optimizer.ts";
import { RMSprop } from "./rms-prop.ts";
import { SGD } from "./sgd.ts";

const optimizers = { Adadelta, Adagrad, Adam, AdamW, Adamax, Lion, Nadam, RMSprop, SGD };
type OptimizerOptions = Record<string, unknown> & { learningRate?: unknown };

useBackend(allowSavedTensors);

function weightOf(values: TensorLike): Variable {
  return tidy(() => variable(tensor(values)));
}

function make(name: string, { exclude: _exclude, ...options }: OptimizerOptions): Optimizer {
  const learningRate = options.learningRate === "cosine" ? new CosineDecay(golden.cosine) : options.learningRate;
  const config = learningRate === undefined ? options : { ...options, learningRate };
  const made: unknown = Reflect.construct(optimizers[name as keyof typeof optimizers], [config]);
  return made as Optimizer;
}

function take(optimizer: Optimizer, variables: readonly Variable[], steps: readonly (readonly TensorLike[])[]): void {
  for (const step of steps) {
    const gradients = step.map((values) => tensor(values));
    const names = ["dense/kernel", "dense/bias"];
    optimizer.apply(
      variables.map((each, index) => ({
        variable: each,
        gradient: gradients[index] as Tensor,
        name: names[index] ?? "",
      })),
    );
    for (const gradient of gradients) gradient.dispose();
  }
}

describe.for(golden.cases)("$optimizer with $options", (kind) => {
  test("goes on from a state that was read", async () => {
    const { gradients } = golden;
    const begin = () => golden.weights.map((values) => weightOf(values as TensorLike));
    const named = (variables: readonly Variable[]) =>
      new Map(variables.map((each, index) => [`weight ${index}`, each]));
    const [whole, first, second] = [0, 1, 2].map(() => make(kind.optimizer, kind.options)) as [
      Optimizer,
      Optimizer,
      Optimizer,
    ];
    const [atOnce, inParts] = [begin(), begin()];
    take(whole, atOnce, gradients);
    take(first, inParts, gradients.slice(0, 4));
    second.restoreState(named(inParts), await first.readState(named(inParts)));
    take(second, inParts, gradients.slice(4));
    for (const [index, each] of atOnce.entries()) expect(inParts[index]?.dataSync()).toEqual(each.dataSync());
    expect(second.iterations).toBe(whole.iterations);
    for (const each of [...atOnce, ...inParts, whole, first, second]) each.dispose();
  });
});

test("variables can be left out of the weight decay too", () => {
  const optimizer = new SGD({ learningRate: 1, weightDecay: 0.5 });
  const [kept, decayed] = [weightOf([2]), weightOf([2])];
  optimizer.excludeFromWeightDecay({ variables: [kept] });
  take(optimizer, [kept, decayed], [[[0], [0]]]);
  expect([kept.dataSync()[0], decayed.dataSync()[0]]).toEqual([2, 1]);
  for (const each of [kept, decayed, optimizer]) each.dispose();
});

test("a learning rate that a schedule decides is not set, but another schedule may take over", () => {
  const optimizer = new Adam({ learningRate: new CosineDecay({ initialLearningRate: 0.1, decaySteps: 10 }) });
  expect(optimizer.learningRate).toBe(0.1);
  expect(() => {
    optimizer.learningRate = 0.5;
  }).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option: "learningRate" }));
  optimizer.learningRate = new CosineDecay({ initialLearningRate: 0.3, decaySteps: 10 });
  expect(optimizer.learningRate).toBe(0.3);
});

test.for([
  ["clipnorm, clipvalue and globalClipnorm", { clipnorm: 1, clipvalue: 1 }],
  ["clipnorm", { clipnorm: 0 }],
  ["emaMomentum", { useEma: true, emaMomentum: 1 }],
  ["emaOverwriteFrequency", { emaOverwriteFrequency: 0 }],
  ["gradientAccumulationSteps", { gradientAccumulationSteps: 1.5 }],
  ["beta1", { beta1: 0 }],
  ["options", { beta_1: 0.5 }],
] as const)("rejects a wrong %s", ([option, config]) => {
  expect(() => Reflect.construct(Lion, [config])).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
});
