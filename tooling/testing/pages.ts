import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The written pages of the documentation, by their paths in the repository: without those that are generated or installed. */
export async function pagesOfDocs(folder = "docs"): Promise<string[]> {
  const pages: string[] = [];
  for (const entry of await readdir(root + folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isFile() && path.endsWith(".md")) pages.push(path);
    else if (entry.isDirectory() && !/^\.|^node_modules$|^api$/.test(entry.name)) {
      pages.push(...(await pagesOfDocs(path)));
    }
  }
  return pages.toSorted();
}
