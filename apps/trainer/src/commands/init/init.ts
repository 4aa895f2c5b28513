import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeFileIfNone } from "@featuremap/files";
import type { FeaturemapConfig } from "../../config/define-config.ts";
import { findConfig } from "../../config/find-config.ts";
import { UsageError } from "../../terminal/exit-codes.ts";

/** What to write where. */
export interface InitOptions {
  readonly folder: string;
  readonly config: FeaturemapConfig;
}

const name = "featuremap.config.ts";

/** @throws {UsageError} The folder has a config file, which is never overwritten. */
export async function refuseSecondConfig(folder: string): Promise<void> {
  const found = await findConfig(folder);
  if (found !== undefined) throw alreadyThere(found);
}

/**
 * Writes a config file.
 *
 * @returns its path
 * @throws {UsageError} There is one already.
 * @throws {UnavailableError} The folder cannot be written.
 */
export async function init({ folder, config }: InitOptions): Promise<string> {
  await refuseSecondConfig(folder);
  const path = join(folder, name);
  if (!(await writeFileIfNone(path, configText(config, isInstalled(folder))))) throw alreadyThere(name);
  return path;
}

function alreadyThere(found: string): UsageError {
  return new UsageError(`init: ${found} already exists and is not overwritten. Edit it, or remove it first.`);
}

/** Whether files of the folder can import this package; run by npx, it may be elsewhere. */
function isInstalled(folder: string): boolean {
  if (existsSync(join(folder, "node_modules", "featuremap", "package.json"))) return true;
  const above = dirname(folder);
  return above !== folder && isInstalled(above);
}

/** The import of a type is gone when the file runs, so that one works anywhere. */
function configText(config: FeaturemapConfig, canImport: boolean): string {
  return canImport
    ? `import { defineConfig } from "featuremap";\n\nexport default defineConfig(${literal(config)});\n`
    : `import type { FeaturemapConfig } from "featuremap";\n\nexport default ${literal(config)} satisfies FeaturemapConfig;\n`;
}

function literal(value: unknown, indent = ""): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return JSON.stringify(value);
  const inner = `${indent}  `;
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  const written = entries.map(([key, entry]) => `${inner}${key}: ${literal(entry, inner)},\n`);
  return `{\n${written.join("")}${indent}}`;
}
