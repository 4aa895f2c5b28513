import { existsSync, readFileSync, readdirSync } from "node:fs";
import { type DefaultTheme } from "vitepress";

type Items = DefaultTheme.SidebarItem[];

const docs = new URL("../", import.meta.url);

/** An entry named by its page's heading. */
function page(path: string): DefaultTheme.SidebarItem {
  const file = path.endsWith("/") ? `${path}index.md` : `${path}.md`;
  const heading = /^# (.*)$/m.exec(readFileSync(new URL(file, docs), "utf8"))?.[1] ?? path;
  return { text: heading.replaceAll("`", ""), link: `/${path}` };
}

/** All pages of a folder but its index, by name. */
function folder(path: string): Items {
  return readdirSync(new URL(path, docs))
    .filter((name) => name.endsWith(".md") && name !== "index.md")
    .toSorted()
    .map((name) => page(path + name.replace(/\.md$/, "")));
}

/** What TypeDoc wrote, if it ran. */
function api(): Items {
  const file = new URL("reference/api/typedoc-sidebar.json", docs);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Items) : [];
}

/** Every page of the site, as its margin lists them: what belongs together is shown together. */
export function sidebar(): DefaultTheme.SidebarMulti {
  return {
    "/start/": [{ text: "Start", items: [page("start/")] }],
    "/tutorials/": [
      { text: "Tutorials", items: [page("tutorials/lessons")] },
      { text: "On the command line", items: [page("tutorials/command-line/"), ...folder("tutorials/command-line/")] },
    ],
    "/guides/": [
      {
        text: "Guides",
        items: ["data", "training", "fine-tuning", "keras-models", "command"].map((name) => page(`guides/${name}`)),
      },
    ],
    "/reference/": [
      { text: "Reference", items: [page("reference/keras")] },
      { text: "API", link: "/reference/api/", items: api() },
    ],
    "/architecture/": [
      {
        text: "Architecture",
        items: [page("architecture/"), page("architecture/wasm-backend"), page("architecture/releasing")],
      },
      { text: "Recipes", items: folder("architecture/recipes/") },
      { text: "Decisions", items: folder("architecture/decisions/") },
    ],
  };
}
