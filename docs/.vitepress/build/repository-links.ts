import { existsSync, statSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import type { MarkdownRenderer } from "vitepress";

export const repository = "https://github.com/featuremap/featuremap";

/**
 * Lets pages link to files beside the documentation by their paths, as GitHub does: on the site such links lead to the repository.
 *
 * @param docs folder of the documentation
 * @throws a page links to a file that is not there
 */
export function linkToRepository(markdown: MarkdownRenderer, docs: string): void {
  markdown.core.ruler.push("repository-links", (state) => {
    const page = String(state.env.path);
    for (const token of state.tokens.flatMap(({ children }) => children ?? [])) {
      if (token.type !== "link_open") continue;
      const href = token.attrGet("href") ?? "";
      if (href === "" || /^(?:[a-z]+:|#|\/)/.test(href)) continue;
      const [path = "", anchor] = href.split("#");
      const target = resolve(dirname(page), path);
      if (!relative(docs, target).startsWith("..")) continue;
      if (!existsSync(target)) throw new Error(`${page} links to ${href}, which is not there.`);
      const kind = statSync(target).isDirectory() ? "tree" : "blob";
      const place = relative(dirname(docs), target).replaceAll("\\", "/");
      token.attrSet("href", `${repository}/${kind}/main/${place}${anchor === undefined ? "" : `#${anchor}`}`);
    }
  });
}
