import type { ReportData } from "../report-data.ts";
import { countSection, healthSection } from "./data-sections.ts";
import { html } from "./html.ts";
import { wholePage } from "./whole-page.ts";

/** What a page on data shows. */
export interface HealthPage extends Pick<ReportData, "name" | "classNames" | "parts" | "health"> {
  /** Lines about what is not among the findings. */
  readonly remarks: readonly string[];
}

/** What is odd about data, as a page that needs nothing else. */
export function healthPage(data: HealthPage): string {
  const { name, remarks } = data;
  const body = html`<header>
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
    </main>`;
  return wholePage(`${name} - health of the data`, body);
}
