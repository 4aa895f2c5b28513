/** A file as it was dropped or chosen: its path begins with the name of the folder it came in, if any. */
export interface NamedFile<Content> {
  readonly path: string;
  /** MIME type as the browser tells it; empty where it knows none. */
  readonly type: string;
  readonly content: Content;
}

/** What somebody meant by dropping files. */
export type Drop<Content> =
  | { readonly kind: "image"; readonly name: string; readonly content: Content }
  | { readonly kind: "bundle"; readonly name: string; readonly files: ReadonlyMap<string, Content> }
  | { readonly kind: "unknown"; readonly explanation: string };

const MANIFEST = "model.json";

/**
 * Tells a model bundle from an image.
 *
 * A bundle is the folder of the `model.json` that lies least deep, with the files beside it. Several files with a `model.json`
 * among them, dropped without their folder, are one too. Without a `model.json`, the first image counts.
 */
export function sortDrop<Content>(files: readonly NamedFile<Content>[]): Drop<Content> {
  const manifest = files
    .filter(({ path }) => baseName(path) === MANIFEST)
    .toSorted((a, b) => depth(a.path) - depth(b.path))[0];
  if (manifest !== undefined) {
    const folder = manifest.path.slice(0, -MANIFEST.length);
    const inside = files.filter(({ path }) => path === folder + baseName(path));
    return {
      kind: "bundle",
      name: baseName(folder.slice(0, -1)) || MANIFEST,
      files: new Map(inside.map(({ path, content }) => [path.slice(folder.length), content])),
    };
  }
  const image = files.find(({ type }) => type.startsWith("image/"));
  if (image !== undefined) return { kind: "image", name: baseName(image.path), content: image.content };
  return { kind: "unknown", explanation: explain(files.map(({ path }) => path)) };
}

function explain(paths: readonly string[]): string {
  const [first] = paths;
  if (first === undefined) return "Nothing that can be read arrived.";
  const root = first.split("/")[0] ?? first;
  if (paths.some((path) => path.includes("/"))) {
    return `The folder “${root}” holds no ${MANIFEST}, so it is not a model bundle.`;
  }
  if (paths.some((path) => path.endsWith(".safetensors"))) {
    return `“${root}” holds weights alone. Drop the bundle’s folder, or ${MANIFEST} together with it.`;
  }
  return `“${root}” is neither an image nor a model bundle.`;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function depth(path: string): number {
  return path.split("/").length;
}
