import { createHash } from "node:crypto";
import { Html, html } from "./html.ts";
import { style } from "./style.ts";

/**
 * A page that needs nothing else: pictures and styles are within, and nothing is loaded.
 *
 * @param script the only one that may run
 */
export function wholePage(title: string, body: Html, script?: string): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${contentPolicy(script)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <style>
          ${new Html(style)}
        </style>
      </head>
      <body>
        ${body} ${script === undefined ? undefined : new Html(`<script>${script}</script>`)}
      </body>
    </html> `.markup;
}

function contentPolicy(script: string | undefined): string {
  const own =
    script === undefined ? [] : [`script-src 'sha256-${createHash("sha256").update(script).digest("base64")}'`];
  return [
    "default-src 'none'",
    ...own,
    // Drawings bring their own rules.
    "style-src 'unsafe-inline'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}
