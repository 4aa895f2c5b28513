import type { ReportData } from "../report-data.ts";
import { countSection, healthSection } from "./data-sections.ts";
import { Html, html } from "./html.ts";
import { style } from "./style.ts";

/** What a page on data shows. */
export interface HealthPage extends Pick<ReportData, "name" | "classNames" | "parts" | "health"> {
  /** Lines about what is not among the findings. */
  readonly remarks: readonly string[];
}

/** Nothing is loaded and nothing runs: pictures and styles are within. */
const contentPolicy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** What is odd about data, as a page that needs nothing else. */
export function healthPage(data: HealthPage): string {
  const { name, remarks } = data;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${contentPolicy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${name} - health of the data</title>
        <link rel="icon" href="data:," />
        <style>
          ${new Html(style)}
        </style>
      </head>
      <body>
        <header>
          <h1>${name}</h1>
          ${remarks.map((remark) => html`<p class="muted">${remark}</p>`)}
        </header>
        <main>
          <section aria-labelledby="health">
            <h2 id="health">Health of the data</h2>
            ${healthSection(data)}
          </section>
          <section aria-labelledby="counts">
            <h2 id="counts">Pictures of each class</h2>
            ${countSection(data)}
          </section>
        </main>
      </body>
    </html> `;
  return page.markup;
}
