import { readFile, readdir, realpath } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { FormatError } from "@featuremap/tensor";
import { modelPolicy, pagePolicy } from "./content-policy.ts";

/** A file that is served. */
export interface ServedFile {
  /** Without links. */
  readonly path: string;
  /** Content-Security-Policy that it comes with. */
  readonly policy: string;
}

/** All that is served, by address: "/model/model.json". Nothing else is ever looked for on the disk. */
export type ServedFiles = ReadonlyMap<string, ServedFile>;

/**
 * The files of a built page; `index.html` is at "/" too. Hidden files and links are left out.
 *
 * @param folder of the page
 */
export async function pageFiles(folder: string): Promise<Map<string, ServedFile>> {
  const root = await realpath(folder);
  const index = join(root, "index.html");
  const policy = pagePolicy(await readFile(index, "utf8"));
  const files = new Map<string, ServedFile>([["/", { path: index, policy }]]);
  const list = async (inside: string, address: string): Promise<void> => {
    for (const entry of await readdir(inside, { withFileTypes: true })) {
      if (entry.name.startsWith(".")) continue;
      const path = join(inside, entry.name);
      if (entry.isDirectory()) await list(path, `${address}${entry.name}/`);
      else if (entry.isFile()) files.set(`${address}${entry.name}`, { path, policy });
    }
  };
  await list(root, "/");
  return files;
}

/**
 * The files of a bundle, under "/model/": its `model.json` and those that this names.
 *
 * @param document path of the `model.json`, which was checked before
 * @throws {FormatError} a file, or what it links to, is not in the bundle's folder.
 */
export async function modelFiles(document: string): Promise<Map<string, ServedFile>> {
  const folder = dirname(document);
  const root = await realpath(folder);
  const { weights } = JSON.parse(await readFile(document, "utf8")) as {
    readonly weights: readonly { readonly file: string }[];
  };
  const names = [basename(document), ...weights.map(({ file }) => file)];
  const files = await Promise.all(
    names.map(async (name, index) => {
      const path = await realpath(join(folder, name));
      if (!path.startsWith(root + sep)) {
        throw new FormatError(join(folder, name), "the file", `in the model's folder ${root}`, `a link to ${path}`);
      }
      return [`/model/${index === 0 ? "model.json" : name}`, { path, policy: modelPolicy }] as const;
    }),
  );
  return new Map(files);
}
