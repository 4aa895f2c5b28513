import { InvalidConfigError } from "@featuremap/tensor";
import { type BenchWork, bench } from "../commands/bench.ts";
import { type Invocation, exitCodes } from "../invocation.ts";
import { networkNames } from "../networks/network.ts";
import { runInterruptibly } from "../terminal/interruption.ts";
import { benchReport } from "./bench-report.ts";
import { readDevice } from "./device-options.ts";

const works: readonly BenchWork[] = ["train", "infer"];
const largestBatch = 16_384;
const mostRounds = 10_000;
const largestSeed = 0xffffffff;

/** `featuremap bench <work>` */
export async function runBench({ words, options, version, terminal }: Invocation): Promise<number> {
  const [typed = ""] = words;
  const work = works.find((name) => name === typed);
  if (work === undefined) throw new InvalidConfigError("bench", "work", `one of ${works.join(", ")}`, typed);
  const settings = {
    network: options.oneOf("network", networkNames),
    batchSize: options.integer("batch-size", 1, largestBatch),
    rounds: options.integer("rounds", 1, mostRounds),
    seconds: options.positive("seconds"),
    seed: options.integer("seed", 0, largestSeed),
    kernels: options.flag("kernels"),
    ...readDevice(options),
  };
  const report = benchReport(terminal, options.flag("json"), version);
  return runInterruptibly(terminal, async ({ signal }) => {
    try {
      report.onEnd(await bench({ work, ...settings, ...report, signal }));
      return exitCodes.success;
    } finally {
      report.close();
    }
  });
}
