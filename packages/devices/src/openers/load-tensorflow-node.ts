import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { UnavailableError } from "@featuremap/tensor";

import { env } from "@tensorflow/tfjs-core";
import type { devices } from "../device-table.ts";
import { NotInstalledError } from "./not-installed-error.ts";
import { provideUtilForTensorflow } from "./util-for-tensorflow.ts";

/** The npm packages that bind libtensorflow; the user installs one, we never do. */
type TensorflowPackage = (typeof devices)["node" | "node-gpu"]["needs"];

/** Where a package of the user's may be: beside this one, or in the folder the command runs in. */
const startingPoints = (): string[] => [import.meta.url, pathToFileURL(join(process.cwd(), "package.json")).href];

/**
 * Loads libtensorflow, which then is registered with tfjs-core as the backend "tensorflow".
 *
 * @param from URLs of files to resolve the package from, in order
 * @returns the package's version
 * @throws {UnavailableError} it is not installed, or its native library does not load.
 */
export function loadTensorflowNode(name: TensorflowPackage, from: readonly string[] = startingPoints()): string {
  const found = from.map((file) => locate(name, createRequire(file))).find((entry) => entry !== undefined);
  if (found === undefined) {
    throw new NotInstalledError(`${name} is not installed`, `To use it, run: npm install ${name}@4.22.0`);
  }
  provideUtilForTensorflow();
  // A package beside the user's own code brings its own tfjs-core, which warns of each thing that ours has set up.
  const warns = !env().getBool("PROD");
  env().set("PROD", true);
  try {
    found.require(found.entry);
    return String((found.require(`${name}/package.json`) as { readonly version?: unknown }).version);
  } catch (cause) {
    const [reason] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
    throw new UnavailableError(
      `${name} is installed but does not load (${reason?.trim()})`,
      `Its install script must have downloaded or built the native library; try: npm rebuild ${name} --build-addon-from-source`,
      { cause },
    );
  } finally {
    env().set("PROD", !warns);
  }
}

function locate(name: string, require: NodeJS.Require): { entry: string; require: NodeJS.Require } | undefined {
  try {
    return { entry: require.resolve(name), require };
  } catch {
    return undefined;
  }
}
