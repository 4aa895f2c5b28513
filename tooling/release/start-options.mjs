/** Options that go to `featuremap train mnist`, with what each takes. */
export const trainOptions = {
  epochs: "count",
  "batch-size": "count",
  "learning-rate": "number",
  seed: "count",
  limit: "count",
  threads: "count",
  device: "name",
  out: "path",
};

/** Options of `featuremap serve`. */
export const serveOptions = { port: "count", host: "name", "allowed-hosts": "name" };

const defaultPort = 4180;

export const startHelp = `Usage: npm start [-- options]

Installs, builds, trains the digit network on MNIST and serves the web classifier with it.

  --epochs <n>         passes over the 60,000 digits (default 2)
  --batch-size <n>     digits a step (default 64)
  --learning-rate <x>  step of the optimizer (default 0.001)
  --seed <n>           start of every random stream
  --limit <n>          train on the first n digits only
  --device <name>      auto, node-gpu, node, wasm or cpu
  --threads <n>        threads of node-gpu, node and wasm
  --out <folder>       where the model goes (default runs/mnist)
  --port <n>           port of the web classifier (default 4180)
  --host <name>        address it listens on
  --allowed-hosts <names>  names under which it is asked
  --no-serve           stop after the export
  --help               this text`;

/**
 * @typedef {object} StartOptions
 * @property {boolean} help
 * @property {boolean} serve
 * @property {string} out Folder of the run; the model is in its `model` folder.
 * @property {string[]} train Arguments for `featuremap train mnist`.
 * @property {string[]} serveArguments Arguments for `featuremap serve`.
 * @property {number} port Port of the web classifier; 0 takes any free one.
 */

/** Wrong use: the message is the one line to print. */
export class UsageError extends Error {}

/**
 * Reads what stands behind `npm start --`. Only names and plain numbers are checked here, so that a typing mistake is
 * told before minutes of installation; the commands check the values themselves.
 *
 * @param {readonly string[]} parameters
 * @returns {StartOptions}
 * @throws {UsageError} An option is unknown or lacks its value.
 */
export function parseStartOptions(parameters) {
  /** @type {StartOptions} */
  const options = { help: false, serve: true, out: "runs/mnist", train: [], serveArguments: [], port: defaultPort };
  const rest = parameters.flatMap((parameter) => {
    const equals = parameter.startsWith("--") ? parameter.indexOf("=") : -1;
    return equals < 0 ? [parameter] : [parameter.slice(0, equals), parameter.slice(equals + 1)];
  });
  for (let index = 0; index < rest.length; index++) {
    const parameter = rest[index] ?? "";
    if (parameter === "--no-serve") options.serve = false;
    else if (parameter === "--help" || parameter === "-h") options.help = true;
    else {
      const name = parameter.replace(/^--/, "");
      const target = parameter.startsWith("--") ? targetOf(name, options) : undefined;
      if (target === undefined)
        throw new UsageError(`npm start: unknown option ${parameter}; see npm start -- --help.`);
      const value = rest[++index];
      if (value === undefined || value.startsWith("--")) {
        throw new UsageError(`npm start: --${name} must be followed by a ${target.kind}, received nothing.`);
      }
      if (target.kind === "number" && !(Number(value) > 0)) {
        throw new UsageError(`npm start: --${name} must be a number above 0, received ${value}.`);
      }
      if (target.kind === "count" && !/^\d+$/.test(value)) {
        throw new UsageError(`npm start: --${name} must be a whole number, received ${value}.`);
      }
      if (name === "port" && Number(value) > 65_535) {
        throw new UsageError(`npm start: --port must be in [0, 65535], received ${value}.`);
      }
      if (name === "out") options.out = value;
      else if (name === "port") options.port = Number(value);
      else target.into.push(`--${name}`, value);
    }
  }
  return options;
}

/**
 * @param {string} name
 * @param {StartOptions} options
 * @returns {{ kind: string, into: string[] } | undefined}
 */
function targetOf(name, options) {
  for (const [table, into] of /** @type {const} */ ([
    [trainOptions, options.train],
    [serveOptions, options.serveArguments],
  ])) {
    const kind = Object.entries(table).find(([known]) => known === name)?.[1];
    if (kind !== undefined) return { kind, into };
  }
  return undefined;
}
