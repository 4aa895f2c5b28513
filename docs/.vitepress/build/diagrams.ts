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

/**
 * Moves what a picture's style sheet declares for the picture itself into its attribute: pages are templates of Vue, which have no
 * style sheets. The rest asks Google for a typeface; the page has its own.
 */
function withoutStyleElement(svg: string): string {
  const [sheet = ""] = /<style>[^]*?<\/style>/.exec(svg) ?? [];
  const [, declarations = ""] = /\bsvg \{([^}]*)\}/.exec(sheet) ?? [];
  const inline = declarations.replaceAll(/\/\*[^]*?\*\//g, "").replaceAll(/\s+/g, " ");
  return svg.replace(sheet, "").replace('style="', `style="${inline}`);
}

/** Draws Mermaid's diagrams while the site is built, so that pages load no code for them. */
export function drawDiagrams(markdown: MarkdownRenderer): void {
  const { fence } = markdown.renderer.rules;
  if (fence === undefined) throw new Error("VitePress has no renderer of code blocks.");
  markdown.renderer.rules.fence = (tokens, index, options, env, self) => {
    const token = tokens[index];
    if (token?.info.trim() !== "mermaid") return fence(tokens, index, options, env, self);
    const svg = withoutStyleElement(renderMermaidSVG(token.content, colors));
    return `<div class="diagram" v-pre>${svg}</div>`;
  };
}
