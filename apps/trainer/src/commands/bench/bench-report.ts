import type { BenchPlan, BenchResult, BenchRound, StepProfile } from "./bench.ts";
import type { Spread } from "./spread.ts";
import { formatCount } from "../../terminal/format.ts";
import { printJson, printLine } from "../../terminal/print.ts";
import { type ProgressLine, createProgressLine } from "../../terminal/progress-line.ts";
import { formatTable } from "../../terminal/table.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { deviceLine } from "../../device/device-line.ts";

/** What a measurement tells its user; how far it is goes to standard error. */
export interface BenchReport {
  onStart(plan: BenchPlan): void;
  onRound(round: BenchRound): void;
  onEnd(result: BenchResult): void;
  /** Leaves the terminal clean. */
  close(): void;
}

/**
 * Reports for people, or as one JSON object a line: `start`, `round`, with a profile `kernel` and `profile`, and `end`.
 *
 * @param version this package's
 */
export function benchReport({ output, error }: Terminal, json: boolean, version: string): BenchReport {
  // Made with the first round: elsewhere than on a terminal it prints after some seconds of rounds, not of preparations.
  let line: ProgressLine | undefined;
  const complete = <Part extends BenchPlan>(plan: Part): Part & { readonly versions: object } => ({
    ...plan,
    versions: { featuremap: version, ...plan.versions },
  });
  return {
    onStart(plan) {
      if (json) printJson(output, { event: "start", ...complete(plan) });
      else for (const text of heading(plan, version)) printLine(output, text);
    },
    onRound(round) {
      const { round: done, rounds: total, imagesPerSecond } = round;
      const details = [`${done}/${total} rounds`, `${formatCount(imagesPerSecond)} images/s`];
      // On one terminal, objects and a line that is drawn over would mix.
      if (!(json && output.isTTY === true)) line ??= createProgressLine(error);
      line?.update({ heading: "Measuring", done, total, details });
      if (json) printJson(output, { event: "round", ...round });
    },
    onEnd({ profile, ...result }) {
      line?.clear();
      if (!json) for (const text of [...summary(result), ...profileTable(profile)]) printLine(output, text);
      else {
        for (const kernel of profile?.kernels ?? []) printJson(output, { event: "kernel", ...kernel });
        if (profile !== undefined) printJson(output, { event: "profile", ...profile, kernels: profile.kernels.length });
        printJson(output, { event: "end", ...complete(result) });
      }
    },
    close: () => line?.clear(),
  };
}

function heading(
  { work, network, parameters, batchSize, device, machine, versions }: BenchPlan,
  version: string,
): string[] {
  const what = work === "train" ? "Training" : "Classifying with";
  return [
    `${what} ${network} (${formatCount(parameters)} weights) in batches of ${batchSize}, with synthetic images`,
    deviceLine(device),
    `${machine.processor}, ${machine.cores} cores; featuremap ${version}, Node ${versions.node}, ` +
      `TensorFlow.js ${versions["tfjs-core"]}`,
  ];
}

function summary({ work, rounds, imagesPerSecond, milliseconds }: BenchResult): string[] {
  const row = (name: string, { median, lowest, highest }: Spread): string[] => [
    name,
    ...[median, lowest, highest].map((value) => threeDigits(value)),
  ];
  return formatTable([
    [`${rounds} ${rounds === 1 ? "round" : "rounds"}`, "median", "lowest", "highest"],
    row("images/s", imagesPerSecond),
    row(work === "train" ? "ms a step" : "ms a prediction", milliseconds),
  ]);
}

function profileTable(profile: StepProfile | undefined): string[] {
  if (profile === undefined) return [];
  const { milliseconds, outside, steps, kernels } = profile;
  const share = (value: number): string => `${(100 * value).toFixed(1)}%`;
  const rows = kernels.map(({ kernel, shapes, calls, milliseconds: each, share: part, gigaflops, bytes }) => [
    shapes === undefined ? kernel : `${kernel} ${shapes}`,
    Number.isInteger(calls) ? String(calls) : calls.toFixed(2),
    each.toFixed(3),
    share(part),
    gigaflops === undefined ? "" : gigaflops.toFixed(1),
    (bytes / 1e6).toFixed(3),
  ]);
  return [
    "",
    `What each kernel takes, mean of ${formatCount(steps)}; MB read and written`,
    ...formatTable([
      ["kernel", "calls", "ms", "share", "GFLOP/s", "MB"],
      ...rows,
      ["outside the kernels", "", outside.toFixed(3), share(outside / milliseconds)],
      ["all", "", milliseconds.toFixed(3), share(1)],
    ]),
  ];
}

function threeDigits(value: number): string {
  return value >= 100 ? formatCount(value) : value.toPrecision(3);
}
