import type { Run } from "./invocation.ts";
import { benchArguments, benchOptions } from "../options/commands/bench.ts";
import type { CommandDescription, CommandName, Commands } from "../options/command.ts";
import { completionsArguments } from "../options/commands/completions.ts";
import { convertArguments, convertOptions } from "../options/commands/convert.ts";
import {
  dataArguments,
  dataFetchArguments,
  dataFetchOptions,
  dataHealthOptions,
  dataInfoOptions,
  dataPackOptions,
  dataPreviewOptions,
  dataSplitOptions,
} from "../options/commands/data.ts";
import { doctorArguments, doctorOptions } from "../options/commands/doctor.ts";
import { evaluateArguments, evaluateOptions } from "../options/commands/evaluate.ts";
import { exportArguments, exportOptions } from "../options/commands/export.ts";
import { findLrArguments, findLrOptions } from "../options/commands/find-lr.ts";
import { initArguments, initOptions } from "../options/commands/init.ts";
import { inspectArguments, inspectOptions } from "../options/commands/inspect.ts";
import type { OptionValues } from "../options/option.ts";
import { predictArguments, predictOptions } from "../options/commands/predict.ts";
import { serveArguments, serveOptions } from "../options/commands/serve.ts";
import { deviceOptions, outputOptions } from "../options/shared.ts";
import { summaryArguments } from "../options/commands/summary.ts";
import { sweepArguments, sweepOptions } from "../options/commands/sweep.ts";
import { trainArguments, trainOptions } from "../options/commands/train.ts";

/** A command, and what runs it. */
export interface Command extends CommandDescription {
  /** Loads what runs it, with the values that were read by its declaration. */
  start(values: Readonly<Record<string, unknown>>): Promise<(rest: RestOfInvocation) => Promise<number>>;
}

type RestOfInvocation = Omit<Parameters<Run<CommandName>>[0], "options">;

interface Declaration<Name extends CommandName> extends Omit<CommandDescription, "name" | "arguments" | "options"> {
  readonly name: Name;
  readonly arguments: Commands[Name]["arguments"];
  readonly options: Commands[Name]["options"];
  /** Only the command that is run is loaded. */
  readonly load: () => Promise<Run<Name>>;
}

function declare<Name extends CommandName>({ load, ...description }: Declaration<Name>): Command {
  return {
    ...description,
    async start(values) {
      const run = await load();
      // Each value was read by the declaration that gives its type.
      const options = values as OptionValues<Commands[Name]["options"]>;
      return (rest) => run({ ...rest, options });
    },
  };
}

/** Every command there is. */
export const commands: readonly Command[] = [
  declare({
    name: "train",
    summary: "Train a network on a folder of photos or a data set",
    arguments: trainArguments,
    options: { ...trainOptions, ...deviceOptions, ...outputOptions },
    examples: [
      "featuremap train ./photos",
      "featuremap train mnist --epochs 2 --seed 7",
      "featuremap train ./photos --model mobilenet-v2 --weights imagenet --freeze-epochs 5 --epochs 20",
      "featuremap train --config runs/photos-1/config.json",
    ],
    resumes: { file: "config.json", find: async () => (await import("../run/find-run.ts")).findRun },
    load: async () => (await import("./train/run-train.ts")).runTrain,
  }),
  declare({
    name: "find-lr",
    summary: "Find a learning rate: train briefly while the rate grows",
    arguments: findLrArguments,
    options: { ...findLrOptions, ...deviceOptions, ...outputOptions },
    examples: ["featuremap find-lr ./photos", "featuremap find-lr mnist --optimizer sgd --max-learning-rate 10"],
    load: async () => (await import("./find-lr/run-find-lr.ts")).runFindLr,
  }),
  declare({
    name: "sweep",
    summary: "Try many settings, and find which train the best model",
    arguments: sweepArguments,
    options: { ...sweepOptions, ...deviceOptions, ...outputOptions },
    examples: [
      "featuremap sweep ./photos --grid learning-rate=0.01,0.05 --grid model=small,resnet",
      "featuremap sweep ./photos --random learning-rate=1e-4..1e-1:log --trials 9 --method halving --epochs 9",
      "featuremap sweep --resume runs/sweep-photos-1",
    ],
    resumes: { file: "sweep.json", find: async () => (await import("./sweep/find-sweep.ts")).findSweep },
    load: async () => (await import("./sweep/run-sweep.ts")).runSweep,
  }),
  declare({
    name: "evaluate",
    summary: "Judge a saved model by labelled pictures, or by those that its run kept aside",
    arguments: evaluateArguments,
    options: { ...evaluateOptions, ...deviceOptions, ...outputOptions },
    examples: [
      "featuremap evaluate last",
      "featuremap evaluate photos-1 ./other-photos --report",
      "featuremap evaluate runs/mnist/model mnist",
    ],
    load: async () => (await import("./evaluate/run-evaluate.ts")).runEvaluate,
  }),
  declare({
    name: "predict",
    summary: "Classify image files, folders of them, or the first test images of mnist",
    arguments: predictArguments,
    options: { ...predictOptions, ...deviceOptions, ...outputOptions },
    examples: [
      "featuremap predict last ./new-photos",
      "find . -name '*.jpg' | featuremap predict last - --format csv --out answers.csv",
      "featuremap predict runs/mnist/model mnist --count 200",
    ],
    load: async () => (await import("./predict/run-predict.ts")).runPredict,
  }),
  declare({
    name: "inspect",
    summary: "Draw a model's filters, its feature maps, and where it looks in an image",
    arguments: inspectArguments,
    options: { ...inspectOptions, ...deviceOptions, ...outputOptions },
    examples: [
      "featuremap inspect runs/photos-1 --filters --feature-maps cat.jpg",
      "featuremap inspect runs/photos-1 --grad-cam cat.jpg --class dog",
      "featuremap inspect runs/mnist --feature-maps mnist:0 --layer 0 --count 8 --each --out maps",
    ],
    load: async () => (await import("./inspect/run-inspect.ts")).runInspect,
  }),
  declare({
    name: "data info",
    summary: "Describe data, and what train would make of them",
    arguments: dataArguments,
    options: { ...dataInfoOptions, ...outputOptions },
    examples: ["featuremap data info ./photos", "featuremap data info photos.zip --json"],
    load: async () => (await import("./data/info/run-data-info.ts")).runDataInfo,
  }),
  declare({
    name: "data health",
    summary: "Find duplicates, leaks, blank pictures, and wrong labels",
    arguments: dataArguments,
    options: { ...dataHealthOptions, ...deviceOptions, ...outputOptions },
    examples: [
      "featuremap data health ./photos --page health.html",
      "featuremap data health ./photos --model runs/photos-1 --out health.json",
      "featuremap data health ./photos --strict",
    ],
    load: async () => (await import("./data/health/run-data-health.ts")).runDataHealth,
  }),
  declare({
    name: "data preview",
    summary: "Draw pictures of each class, as training sees them",
    arguments: dataArguments,
    options: { ...dataPreviewOptions, ...outputOptions },
    examples: ["featuremap data preview ./photos", "featuremap data preview ./photos --augment strong --count 2"],
    load: async () => (await import("./data/preview/run-data-preview.ts")).runDataPreview,
  }),
  declare({
    name: "data fetch",
    summary: "Download a named data set, and check it",
    arguments: dataFetchArguments,
    options: { ...dataFetchOptions, ...outputOptions },
    examples: ["featuremap data fetch cifar10", "featuremap data fetch flowers --out data"],
    load: async () => (await import("./data/fetch/run-data-fetch.ts")).runDataFetch,
  }),
  declare({
    name: "data pack",
    summary: "Decode pictures ahead of training",
    arguments: dataArguments,
    options: { ...dataPackOptions, ...outputOptions },
    examples: ["featuremap data pack ./photos", "featuremap data pack ./photos --image-size 128"],
    load: async () => (await import("./data/pack/run-data-pack.ts")).runDataPack,
  }),
  declare({
    name: "data split",
    summary: "Split data into parts, near duplicates together, in a table for train",
    arguments: dataArguments,
    options: { ...dataSplitOptions, ...outputOptions },
    examples: ["featuremap data split ./photos --test-fraction 0.1 --out split.csv", "featuremap train split.csv"],
    load: async () => (await import("./data/split/run-data-split.ts")).runDataSplit,
  }),
  declare({
    name: "summary",
    summary: "Show a saved model's layers, labels and preprocessing",
    arguments: summaryArguments,
    options: outputOptions,
    examples: ["featuremap summary runs/mnist/model"],
    load: async () => (await import("./summary/run-summary.ts")).runSummary,
  }),
  declare({
    name: "export",
    summary: "Check a saved model and write it to another folder",
    arguments: exportArguments,
    options: { ...exportOptions, ...deviceOptions, ...outputOptions },
    examples: [
      "featuremap export runs/mnist/model --out public/model",
      "featuremap export last --out public/model --dtype int8 --data ./test-photos",
    ],
    load: async () => (await import("./export/run-export.ts")).runExport,
  }),
  declare({
    name: "convert",
    summary: "Write a model of Keras, TensorFlow.js, ONNX or this program as another of these",
    arguments: convertArguments,
    options: { ...convertOptions, ...deviceOptions, ...outputOptions },
    examples: [
      "featuremap convert model.keras pets --labels cat,dog --preprocessing keras",
      "featuremap convert last pets.onnx --verify ./photos",
      "featuremap convert teachable/model.json model.keras",
    ],
    load: async () => (await import("./convert/run-convert.ts")).runConvert,
  }),
  declare({
    name: "bench",
    summary: "Measure how fast this machine trains (train) or classifies (infer)",
    arguments: benchArguments,
    options: { ...benchOptions, ...deviceOptions, ...outputOptions },
    examples: ["featuremap bench train --network n1 --threads 2", "featuremap bench infer --batch-size 1 --kernels"],
    load: async () => (await import("./bench/run-bench.ts")).runBench,
  }),
  declare({
    name: "serve",
    summary: "Serve the web classifier, with a model of yours",
    arguments: serveArguments,
    options: { ...serveOptions, ...outputOptions },
    examples: ["featuremap serve runs/mnist/model"],
    load: async () => (await import("./serve/run-serve.ts")).runServe,
  }),
  declare({
    name: "doctor",
    summary: "Describe this machine, check that it computes correctly, and report what train would do",
    arguments: doctorArguments,
    options: { ...doctorOptions, ...deviceOptions, ...outputOptions },
    examples: ["featuremap doctor", "featuremap doctor ./photos", "featuremap doctor runs/photos-1"],
    load: async () => (await import("./doctor/run-doctor.ts")).runDoctor,
  }),
  declare({
    name: "init",
    summary: "Ask what to train, and write featuremap.config.ts",
    arguments: initArguments,
    options: { ...initOptions, ...outputOptions },
    examples: ["featuremap init", "featuremap init --yes"],
    load: async () => (await import("./init/run-init.ts")).runInit,
  }),
  declare({
    name: "completions",
    summary: "Print a script with which a shell completes commands and options",
    arguments: completionsArguments,
    options: outputOptions,
    examples: ["source <(featuremap completions bash)", "featuremap completions fish | source"],
    load: async () => (await import("./completions/run-completions.ts")).runCompletions,
  }),
];
