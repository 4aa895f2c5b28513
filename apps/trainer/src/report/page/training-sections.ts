import type { CurveHistory } from "@featuremap/visualize";
import { formatMetric } from "../../terminal/format.ts";
import { drawCurves } from "../drawings.ts";
import type { ReportData } from "../report-data.ts";
import { type Html, breakable, html } from "./html.ts";
import { bothWidths, narrowWidth, wideWidth } from "./widths.ts";
import { settingText } from "./words.ts";

/** Loss, metrics and learning rate of the epochs, and which was the best. */
export function curveSection(curves: CurveHistory, weights?: "best" | "last"): Html {
  return html`${bestEpoch(curves, weights)}${bothWidths(drawCurves(curves, wideWidth), drawCurves(curves, narrowWidth))}`;
}

function bestEpoch({ epoch, history }: CurveHistory, weights?: "best" | "last"): Html | undefined {
  const losses = Array.from(history["val_loss"] ?? []);
  const lowest = losses.reduce((least, loss) => (loss < least ? loss : least), Number.POSITIVE_INFINITY);
  const at = losses.indexOf(lowest);
  if (at === -1 || losses.length === 1) return undefined;
  const last = (epoch?.at(-1) ?? losses.length - 1) + 1;
  const isLast = at === losses.length - 1;
  const taken = {
    best: " The network is that of this epoch.",
    last: isLast ? "" : " The network is that after the last epoch; checkpoints/best holds the other one.",
  };
  return html`<p>
    The validation loss is the lowest after epoch ${(epoch?.[at] ?? at) + 1} of ${last}:
    ${formatMetric(lowest)}.${weights === undefined ? undefined : taken[weights]}
  </p>`;
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
