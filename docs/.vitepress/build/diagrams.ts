import { renderMermaidSVG } from "beautiful-mermaid";
import type { MarkdownRenderer } from "vitepress";

/** Colours are those of the theme, so one picture serves light and dark pages. */
const colors = {
  bg: "var(--vp-c-bg)",
  fg: "var(--vp-c-text-1)",
  accent: "var(--vp-c-brand-1)",
  line: "var(--vp-c-text-3)",
  border: "var(--vp-c-brand-3)",
  muted: "var(--vp-c-text-2)",
  transparent: true,
};

/** Draws Mermaid's diagrams while the site is built, so that pages load no code for them. */
export function drawDiagrams(markdown: MarkdownRenderer): void {
  const { fence } = markdown.renderer.rules;
  if (fence === undefined) throw new Error("VitePress has no renderer of code blocks.");
  markdown.renderer.rules.fence = (tokens, index, options, env, self) => {
    const token = tokens[index];
    if (token?.info.trim() !== "mermaid") return fence(tokens, index, options, env, self);
    // The library asks Google for a typeface; the page has its own.
    const svg = renderMermaidSVG(token.content, colors).replace(/@import url\([^)]*\);/, "");
    return `<div class="diagram" v-pre>${svg}</div>`;
  };
}
