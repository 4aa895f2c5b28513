import { createHash } from "node:crypto";

/** For files that are data: whoever opens one by itself gets nothing that could act. */
export const modelPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";

/**
 * The Content-Security-Policy of the page and its scripts: they run what is served with them and nothing else.
 *
 * Models may come from any address that the user names, so that is where the page may connect to.
 *
 * @param html of the page, whose inline scripts are allowed as they are
 */
export function pagePolicy(html: string): string {
  const inline = Array.from(html.matchAll(/<script>([^]*?)<\/script>/g), ([, script = ""]) => hashOf(script));
  return [
    "default-src 'none'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...inline].join(" "),
    "worker-src 'self' blob:",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' blob: data:",
    "connect-src 'self' blob: data: http: https:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function hashOf(script: string): string {
  return `'sha256-${createHash("sha256").update(script).digest("base64")}'`;
}
