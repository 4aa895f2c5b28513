/** The parts of a rehearsal: what each tries, and where in `tooling/checks` its tests are. */
export const parts = {
  published: {
    files: "installed/published-packages",
    tries: "what the registry says of each package, and what provenance needs",
  },
  readmes: {
    files: "installed/readmes/",
    tries: "each package alone: npm, pnpm, yarn; every Node; TypeScript 5.9 to 7.0",
  },
  bundlers: {
    files: "installed/bundlers/",
    tries: "pages: Vite, webpack, esbuild, Rollup, Next.js, import maps, workers",
  },
  commonjs: { files: "installed/nodes/commonjs", tries: "require() and what TypeScript makes of imports" },
  runtimes: { files: "installed/nodes/runtimes", tries: "Deno and Bun" },
  examples: { files: "examples/", tries: "each example, from npm install to a page that answers" },
  command: {
    files: "installed/command/",
    tries: "npx featuremap on a machine with Node alone: train, serve, the page",
  },
};

export const help = `Usage: npm run release:rehearse [-- parts]

Builds all packages, publishes them to a registry on this machine as a release does, and installs and uses them as
strangers do. Takes long, and downloads much.

${Object.entries(parts)
  .map(([name, { tries }]) => `  ${name.padEnd(10)} ${tries}`)
  .join("\n")}

  --help     this text`;

/** Wrong use: the message is the one line to print. */
export class UsageError extends Error {}

/**
 * @param {readonly string[]} parameters what stands behind `npm run release:rehearse --`
 * @returns {{ help: boolean, files: string[] }} paths of the tests to run begin with one of these
 * @throws {UsageError} There is no such part.
 */
export function parseRehearsal(parameters) {
  if (parameters.some((parameter) => parameter === "--help" || parameter === "-h")) return { help: true, files: [] };
  const chosen = parameters.length === 0 ? Object.keys(parts) : parameters;
  const files = chosen.map((name) => {
    const part = Object.entries(parts).find(([known]) => known === name)?.[1];
    if (part === undefined) {
      const known = Object.keys(parts).join(", ");
      throw new UsageError(`npm run release:rehearse: unknown part ${name}; there are ${known}.`);
    }
    return `tooling/checks/${part.files}`;
  });
  return { help: false, files };
}
