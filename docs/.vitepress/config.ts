import { fileURLToPath } from "node:url";
import { type HeadConfig, type UserConfig, defineConfig } from "vitepress";
import { checkAnchors } from "./build/check-anchors.ts";
import { drawDiagrams } from "./build/diagrams.ts";
import { linkToRepository, repository } from "./build/repository-links.ts";
import { sidebar } from "./sidebar.ts";

/** The anchors of GitHub, so that a link to a heading works there and here. */
function slugify(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, "")
    .replaceAll(" ", "-");
}

/** What the search looks into: of the API, which would hide the pages that explain it, the names alone. */
function searchedText(text: string, path: string): string {
  if (!path.startsWith("reference/api/")) return text;
  return (text.match(path.endsWith("index.md") ? /^#{1,3} .*$/gm : /^# .*$/gm) ?? []).join("\n\n");
}

/** Where the site is served: GitHub puts a project's pages below its name. */
const base = "/featuremap/";
const icon: HeadConfig = ["link", { rel: "icon", href: `${base}favicon.svg`, type: "image/svg+xml" }];

const config: UserConfig = defineConfig({
  title: "Featuremap",
  description: "Train convolutional image classifiers in TypeScript and run them in the browser",
  lang: "en",
  base,
  cleanUrls: true,
  lastUpdated: true,
  head: [icon, ["meta", { name: "theme-color", content: "#1b6145" }]],
  markdown: {
    anchor: { slugify },
    theme: { light: "github-light-high-contrast", dark: "github-dark" },
    config(markdown) {
      linkToRepository(markdown, fileURLToPath(new URL("../", import.meta.url)));
      drawDiagrams(markdown);
    },
  },
  themeConfig: {
    logo: "/favicon.svg",
    nav: [
      { text: "Start", link: "/start/", activeMatch: "^/start/" },
      { text: "Demo", link: "/demo" },
      { text: "Tutorials", link: "/tutorials/lessons", activeMatch: "^/tutorials/" },
      { text: "Guides", link: "/guides/data", activeMatch: "^/guides/" },
      { text: "Reference", link: "/reference/keras", activeMatch: "^/reference/" },
      {
        text: "More",
        items: [
          { text: "Performance", link: "/performance" },
          { text: "Architecture", link: "/architecture/" },
          { text: "Errors", link: "/reference/errors" },
        ],
      },
    ],
    sidebar: sidebar(),
    outline: [2, 3],
    search: {
      provider: "local",
      options: { _render: (text, env, markdown) => markdown.render(searchedText(text, env.relativePath), env) },
    },
    socialLinks: [{ icon: "github", link: repository }],
    editLink: { pattern: `${repository}/edit/main/docs/:path`, text: "Edit this page on GitHub" },
    footer: { message: "MIT licence" },
  },
  buildEnd: ({ outDir }) => checkAnchors(outDir, base),
});

export default config;
