import { readFile, readdir } from "node:fs/promises";
import { join, posix } from "node:path";

/** Where on the site a built file is read: `guides/data.html` as `guides/data`, `start/index.html` as `start/`. */
function addressOf(file: string): string {
  return file.replace(/(^|\/)index\.html$/, "$1").replace(/\.html$/, "");
}

/**
 * Checks the links of a built site down to the headings they lead to; VitePress itself checks only pages.
 *
 * @throws a link leads to a page, a file or a heading that is not there
 */
export async function checkAnchors(folder: string, base: string): Promise<void> {
  const files = (await readdir(folder, { recursive: true })).map((file) => file.replaceAll("\\", "/"));
  const pages = new Map<string, { html: string; ids: ReadonlySet<string> }>();
  for (const file of files.filter((each) => each.endsWith(".html"))) {
    const html = await readFile(join(folder, file), "utf8");
    pages.set(addressOf(file), {
      html,
      ids: new Set(Array.from(html.matchAll(/\sid="([^"]+)"/g), ([, id = ""]) => id)),
    });
  }
  const dead: string[] = [];
  for (const [address, { html }] of pages) {
    for (const [, href = ""] of html.matchAll(/<a\b[^>]*?\shref="([^"]+)"/g)) {
      const url = new URL(href.replaceAll("&amp;", "&"), `https://site${posix.join(base, address)}`);
      if (url.host !== "site" || !url.pathname.startsWith(base)) continue;
      const path = decodeURI(url.pathname.slice(base.length));
      const target = pages.get(addressOf(path));
      const heading = decodeURIComponent(url.hash.slice(1));
      if (target === undefined ? !files.includes(path) : heading !== "" && !target.ids.has(heading)) {
        dead.push(`${address}: ${href}`);
      }
    }
  }
  if (dead.length > 0) throw new Error(`Links that lead nowhere:\n${[...new Set(dead)].join("\n")}`);
}
