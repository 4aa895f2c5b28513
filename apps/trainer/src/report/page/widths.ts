import { Html, html } from "./html.ts";

/** Pixels of drawings on a desk and on a phone. */
export const wideWidth = 920;
export const narrowWidth = 360;

/** A drawing in two widths, of which a page shows the one that fits. */
export function bothWidths(wide: string, narrow: string): Html {
  return html`<div class="wide scroll">${new Html(wide)}</div>
    <div class="narrow scroll">${new Html(narrow)}</div> `;
}
