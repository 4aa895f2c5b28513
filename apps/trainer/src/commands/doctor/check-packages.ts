import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Finding } from "./finding.ts";

/** What a `package.json` says. */
interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** A package that is installed. */
interface Installed {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Of which there must be one copy: two would not know each other's tensors. */
function isOurs(name: string): boolean {
  return name.startsWith("@featuremap/") || name === "@tensorflow/tfjs-core";
}

/** The folder of this package, wherever it is built to. */
export function ownFolder(from: string = dirname(fileURLToPath(import.meta.url))): string {
  return existsSync(join(from, "package.json")) || dirname(from) === from ? from : ownFolder(dirname(from));
}

/** Whether all packages of Featuremap are there, of one version, and each once. */
export function checkPackages(root: string = ownFolder()): readonly Finding[] {
  const found = new Map<string, Map<string, Installed>>();
  const missing = new Set<string>();
  const visit = (folder: string): void => {
    const manifest = readManifest(folder);
    for (const name of Object.keys(manifest.dependencies ?? {}).filter(isOurs)) {
      const inside = locate(name, folder);
      if (inside === undefined) {
        missing.add(name);
        continue;
      }
      const copies = found.get(name) ?? new Map<string, Installed>();
      found.set(name, copies);
      if (copies.has(inside)) continue;
      copies.set(inside, { folder: inside, manifest: readManifest(inside) });
      visit(inside);
    }
  };
  visit(root);
  const { version } = readManifest(root);
  const ours = [...found].filter(([name]) => name.startsWith("@featuremap/"));
  const other = ours.flatMap(([name, copies]) =>
    [...copies.values()].flatMap(({ manifest }) =>
      manifest.version === version ? [] : [`${name} ${manifest.version}`],
    ),
  );
  const twice = [...found].filter(([, copies]) => copies.size > 1);
  const findings: Finding[] = [];
  const say = (text: string, remedy: string): void => {
    findings.push({ topic: "packages", status: "problem", text, remedy });
  };
  const again = "Reinstall: remove node_modules and their entries in the lock file, then run npm install featuremap.";
  if (missing.size > 0) say(`Not installed: ${[...missing].join(", ")}`, again);
  if (other.length > 0) say(`Packages of other versions than featuremap ${version}: ${other.join(", ")}`, again);
  for (const [name, copies] of twice) {
    say(
      `${name} is installed ${copies.size} times: ${[...copies.keys()].join(", ")}`,
      "Run npm dedupe: copies do not know each other's tensors.",
    );
  }
  if (findings.length > 0) return findings;
  const [core] = found.get("@tensorflow/tfjs-core")?.values() ?? [];
  const beside = core === undefined ? "" : `; @tensorflow/tfjs-core ${core.manifest.version}`;
  const text = `featuremap ${version} and its ${ours.length} packages, of one version${beside}`;
  return [{ topic: "packages", status: "ok", text }];
}

/** As Node looks for it, but for `NODE_PATH`, which imports do not heed. */
function locate(name: string, from: string): string | undefined {
  if (process.versions["pnp"] !== undefined) return locateWithoutFolders(name, from);
  const inside = join(from, "node_modules", name);
  if (existsSync(join(inside, "package.json"))) return realpathSync(inside);
  return dirname(from) === from ? undefined : locate(name, dirname(from));
}

/** Yarn's Plug'n'Play has no `node_modules`. */
function locateWithoutFolders(name: string, from: string): string | undefined {
  try {
    return dirname(createRequire(join(from, "package.json")).resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}
