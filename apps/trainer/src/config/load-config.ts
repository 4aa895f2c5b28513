import { readFile, stat } from "node:fs/promises";
import { dirname, extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { UsageError } from "../terminal/exit-codes.ts";
import { parseJson } from "./parse-json.ts";

/** Bytes of a config file at most. */
const largest = 2 ** 24;
const kinds = ".ts, .mts, .js, .mjs, .json, .yaml or .yml";

/**
 * What a config file holds, unchecked. What reads its kind is loaded only for it.
 *
 * @param name the file as messages name it
 * @param folder where it is looked for
 * @throws {UsageError} It is not there, is of another kind, or cannot be read.
 */
export async function loadConfig(name: string, folder: string): Promise<unknown> {
  const path = resolve(folder, name);
  const found = await attempt(name, () => stat(path));
  // Whoever opens a pipe waits for its other end.
  if (!found.isFile()) {
    const what = found.isDirectory() ? "a folder" : "a device, a pipe or a socket";
    throw new UsageError(`${name}: a config file must be a regular file, but this is ${what}.`);
  }
  if (found.size > largest) throw new UsageError(`${name}: a config file must be at most ${largest} bytes long.`);
  switch (extname(path).toLowerCase()) {
    case ".json":
      return attempt(name, async () => parseJson(withoutMark(await readFile(path, "utf8"))));
    case ".yaml":
    case ".yml":
      return attempt(name, async () => parseYaml(await readFile(path, "utf8")));
    case ".ts":
    case ".mts":
    case ".js":
    case ".mjs":
      return defaultOf(name, await attempt(name, () => settled(importModule(path))));
    default:
      throw new UsageError(`${name}: a config file must be ${kinds}.`);
  }
}

async function attempt<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    const { code } = cause instanceof Error ? (cause as NodeJS.ErrnoException) : {};
    // Loaded for what fails: it is more than all else that begins every command.
    const { reasonOf } = await import("@featuremap/files");
    const message = reasonOf(cause);
    if (code === "ENOENT") throw new UsageError(`${name}: there is no such file.`, { cause });
    const hint = code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND" ? installHint(message) : "";
    throw new UsageError(`${name} cannot be read: ${firstLine(message)}${hint}`, { cause });
  }
}

async function parseYaml(text: string): Promise<unknown> {
  const { parseDocument } = await import("yaml");
  const document = parseDocument(text);
  const [fault] = [...document.errors, ...document.warnings];
  if (fault?.code === "MULTIPLE_DOCS") throw new Error("It holds several documents (---), and may hold one.");
  if (fault !== undefined) throw fault;
  // A file of comments alone says nothing, and nothing wrong.
  return (document.toJS() as unknown) ?? {};
}

/** Node ends without a word once nothing is left that could come; a module may await what never does. */
async function settled<Result>(work: Promise<Result>): Promise<Result> {
  let tellNever = (): void => {};
  const never = new Promise<never>((_, reject) => {
    tellNever = () => reject(new Error("it waits for something that never comes."));
  });
  process.once("beforeExit", tellNever);
  try {
    return await Promise.race([work, never]);
  } finally {
    process.off("beforeExit", tellNever);
  }
}

function installHint(message: string): string {
  return message.includes("'featuremap'") ? " Install it there: npm install --save-dev featuremap" : "";
}

function firstLine(message: string): string {
  const [line = ""] = message.trim().split("\n");
  return /[.!?:]$/.test(line) ? line.replace(/:$/, ".") : `${line}.`;
}

function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, "");
}

/** Node reads modules by itself, and from 22.18 on TypeScript too; but it warns where a package says of no module type. */
async function importModule(path: string): Promise<unknown> {
  const extension = extname(path).toLowerCase();
  const strips = "typescript" in process.features && process.features.typescript !== false;
  const isReadable = strips || !extension.endsWith("ts");
  if (isReadable && (extension.startsWith(".m") || (await isInModulePackage(dirname(path))))) {
    return import(/* @vite-ignore */ pathToFileURL(path).href);
  }
  const { createJiti } = await import("jiti");
  return createJiti(import.meta.url, { moduleCache: false, fsCache: false, interopDefault: false }).import(path);
}

/** Whether the nearest `package.json` makes modules of files that do not say so. */
async function isInModulePackage(folder: string): Promise<boolean> {
  try {
    const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as { readonly type?: unknown };
    return manifest.type === "module";
  } catch {
    const above = dirname(folder);
    return above !== folder && isInModulePackage(above);
  }
}

function defaultOf(name: string, module: unknown): unknown {
  if (typeof module === "object" && module !== null && "default" in module) return module.default;
  throw new UsageError(`${name} must export its options: export default defineConfig({ ... }).`);
}
