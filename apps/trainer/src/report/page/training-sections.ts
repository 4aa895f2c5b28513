import type { CurveHistory } from "@featuremap/visualize";
import { bestEpoch } from "../../run/best-epoch.ts";
import { formatMetric } from "../../terminal/format.ts";
import { drawCurves } from "../drawings.ts";
import type { ReportData } from "../report-data.ts";
import { type WeightsFacts, weightsLine } from "../weights-line.ts";
import { type Html, breakable, html } from "./html.ts";
import { bothWidths, narrowWidth, wideWidth } from "./widths.ts";
import { settingText } from "../words.ts";

/** Loss, metrics and learning rate of the epochs, and of which of them the network is. */
export function curveSection(curves: CurveHistory, weights?: WeightsFacts): Html {
  const told = weights === undefined ? lowest(curves) : weightsLine(weights).join(" ").replaceAll("`", "");
  return html`<p>${told}</p>
    ${bothWidths(drawCurves(curves, wideWidth), drawCurves(curves, narrowWidth))}`;
}

function lowest({ history }: CurveHistory): string {
  const losses = Array.from(history["val_loss"] ?? []);
  const best = bestEpoch({ val_loss: losses });
  if (best === undefined) return "";
  return `The validation loss is the lowest after epoch ${best.epoch} of ${losses.length}: ${formatMetric(best.loss)}.`;
}

/** How the network was trained. */
export function settingSection({ device, duration, ended, settings }: NonNullable<ReportData["training"]>): Html {
  const entries = Object.entries(settings).map(
    ([name, value]) =>
      html`<div>
        <dt>${name}</dt>
        <dd>${breakable(settingText(value))}</dd>
      </div>`,
  );
  return html`<p>On ${device}, in ${duration}${ended === undefined ? undefined : `; ${ended}`}.</p>
    <dl class="settings">${entries}</dl>`;
}
