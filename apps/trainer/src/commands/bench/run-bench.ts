import { bench } from "./bench.ts";
import type { Invocation } from "../invocation.ts";
import { exitCodes } from "../../terminal/exit-codes.ts";
import { runInterruptibly } from "../../terminal/interruption.ts";
import { benchReport } from "./bench-report.ts";

/** `featuremap bench <work>` */
export async function runBench({ words, options, version, terminal }: Invocation<"bench">): Promise<number> {
  const work = words[0] === "infer" ? "infer" : "train";
  const { json, ...settings } = options;
  const report = benchReport(terminal, json, version);
  return runInterruptibly(terminal, async ({ signal }) => {
    try {
      report.onEnd(await bench({ work, ...settings, ...report, signal }));
      return exitCodes.success;
    } finally {
      report.close();
    }
  });
}
