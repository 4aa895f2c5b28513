/** Where a command computes. */
export const deviceOptions = {
  device: {
    kind: "choice",
    group: "Device",
    description: "what computes",
    choices: ["auto", "node-gpu", "node", "wasm", "cpu"],
    default: "auto",
    defaultIs: "auto, which is node-gpu where @tensorflow/tfjs-node-gpu is installed and finds a GPU, else wasm",
    placeholder: "name",
  },
  threads: {
    kind: "integer",
    group: "Device",
    description: "threads of wasm, node and node-gpu",
    minimum: 1,
    defaultIs: "one a core",
  },
} as const;

/** What a command prints. */
export const outputOptions = {
  json: { kind: "flag", group: "Output", description: "print one JSON object a line, and nothing else" },
} as const;

/** Options that several commands have in common; in the config file they may stand beside the commands. */
export const sharedOptions: typeof deviceOptions & typeof outputOptions = { ...deviceOptions, ...outputOptions };
