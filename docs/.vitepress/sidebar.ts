import { existsSync, readFileSync, readdirSync } from "node:fs";
import type { DefaultTheme } from "vitepress";

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
  if (!existsSync(file)) return [];
  return [{ text: "API", link: "/reference/api/", items: JSON.parse(readFileSync(file, "utf8")) as Items }];
}

/** Every page of the site, as its margin lists them: what belongs together is shown together. */
export function sidebar(): DefaultTheme.SidebarMulti {
  return {
    "/start/": [
      {
        text: "Start",
        items: [page("start/"), page("demo"), page("tutorials/lessons"), page("performance")],
      },
    ],
    "/tutorials/": [
      { text: "Tutorials", items: [page("tutorials/lessons")] },
      {
        text: "Networks",
        items: ["mnist", "mnist-notebook", "cifar-10", "flowers", "celeba", "dogs-and-cats"].map((name) =>
          page(`tutorials/${name}`),
        ),
      },
      { text: "On the command line", items: [page("tutorials/command-line/"), ...folder("tutorials/command-line/")] },
    ],
    "/guides/": [
      {
        text: "Train",
        items: ["data", "training", "fine-tuning", "command"].map((name) => page(`guides/${name}`)),
      },
      { text: "Use", items: ["pages", "servers"].map((name) => page(`guides/${name}`)) },
      {
        text: "Come from elsewhere",
        items: ["keras-models", "from-tensorflow-js"].map((name) => page(`guides/${name}`)),
      },
    ],
    "/reference/": [{ text: "Reference", items: [page("reference/keras"), page("reference/errors")] }, ...api()],
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
