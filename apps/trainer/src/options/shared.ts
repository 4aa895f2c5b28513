import { type DeviceEntry, type DeviceNameOn, deviceNames, devices } from "@featuremap/devices/table";
import type { ChoiceOption, IntegerOption } from "./option.ts";

/** What a command may be told to compute on. */
interface DeviceOption extends ChoiceOption {
  readonly choices: readonly ("auto" | DeviceNameOn<"node">)[];
  readonly default: "auto";
}

/** Where a command computes. */
export const deviceOptions: { readonly device: DeviceOption; readonly threads: IntegerOption } = {
  device: {
    kind: "choice",
    group: "Device",
    description: "device that computes",
    choices: ["auto", ...deviceNames("node")],
    default: "auto",
    defaultIs: `auto, which is ${deviceNames("node", "auto").map(withNeeds).join(", else ")}`,
    placeholder: "name",
  },
  threads: {
    kind: "integer",
    group: "Device",
    description: `threads of ${deviceNames("node")
      .filter((name) => devices[name].takesThreads)
      .join(", ")}`,
    minimum: 1,
    defaultIs: "one a core",
  },
};

function withNeeds(name: DeviceNameOn<"node">): string {
  const { needs }: DeviceEntry = devices[name];
  return needs === undefined ? name : `${name} where ${needs} is installed and works`;
}

/** What a command prints. */
export const outputOptions = {
  json: { kind: "flag", group: "Output", description: "print one JSON object per line, and nothing else" },
} as const;

/** Options that several commands have in common; in the config file they may stand beside the commands. */
export const sharedOptions: typeof deviceOptions & typeof outputOptions = { ...deviceOptions, ...outputOptions };
