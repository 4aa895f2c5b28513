import { formatCount, formatCounted, formatMetric } from "../../terminal/format.ts";
import { accuracyInterval } from "../accuracy-interval.ts";
import { drawCalibration, drawMatrix } from "../drawings.ts";
import type { ReportData } from "../report-data.ts";
import { gallery, isGrainy } from "./figures.ts";
import { type Html, dataAddress, html, jsonFor } from "./html.ts";
import { bothWidths, narrowWidth, wideWidth } from "./widths.ts";
import { className, percent, shortLoss, shortPath } from "../words.ts";

export type Judged = Extract<ReportData["judged"], { readonly value: unknown }>["value"];

/** Pairs that are listed; classes that are, before the rest is folded. */
const [mostPairs, mostClasses] = [15, 60];

/** The confusion matrix, the pairs that are confused most often, and the data of the pictures behind them. */
export function confusionSection({ scores, cells }: Judged, data: Pick<ReportData, "classNames" | "network">): Html {
  const { classNames } = data;
  const wide = drawMatrix(scores, classNames, wideWidth, { isListed: false });
  const narrow = drawMatrix(scores, classNames, narrowWidth, { isListed: false, isTouched: true });
  const matrix =
    "absent" in wide || "absent" in narrow
      ? html`<p>${"absent" in wide ? wide.absent : undefined}</p>`
      : html`<div class="matrix">${bothWidths(wide.value.svg, narrow.value.svg)}</div>`;
  const isPressed = "value" in wide && wide.value.isPressed;
  const kept =
    cells.kept === cells.all
      ? `All ${formatCounted(cells.all, "picture")} are in this file.`
      : `Of ${formatCounted(cells.all, "picture")}, ${formatCount(cells.kept)} are in this file: of each cell at most ${cells.mostWrong} mistakes or ${cells.mostRight} right answers, those with the highest loss; predictions.csv names all.`;
  const chooser = html`<p id="chooser" class="chooser" hidden>
    <label
      >Pictures of the class
      <select></select
    ></label>
    <button type="button">Show pictures</button>
  </p> `;
  return html`<p>
      A row for each true class, a column for each answer.
      ${isPressed ? "Press a cell to see its pictures." : "Choose a class to see its pictures."} ${kept}
    </p>
    ${matrix}${isPressed ? undefined : chooser}
    <h3>Confused most often</h3>
    ${pairTable(scores, classNames)}
    <dialog id="cell" aria-labelledby="cell-title">
      <div class="head">
        <h2 id="cell-title"></h2>
        <button type="button" id="cell-close">Close</button>
      </div>
      <div id="cell-content"></div>
    </dialog>
    <script type="application/json" id="cell-pictures">
      ${cellData(scores, cells, data)}
    </script> `;
}

function pairTable({ confusions, classes }: Judged["scores"], classNames: readonly string[]): Html {
  if (confusions.length === 0) return html`<p>No picture was mistaken for another class.</p>`;
  const rows = confusions.slice(0, mostPairs).map(
    ({ row, column, count }) =>
      html`<tr>
        <th scope="row">${className(classNames, row)}</th>
        <td class="text">${className(classNames, column)}</td>
        <td data-row="${row}" data-column="${column}">${formatCount(count)}</td>
        <td>${percent(count / (classes[row]?.support ?? 1))}</td>
      </tr> `,
  );
  const more = confusions.length - rows.length;
  return html`<div class="scroll" role="region" aria-label="Classes that are confused most often" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">class</th>
            <th scope="col" class="text">taken for</th>
            <th scope="col">pictures</th>
            <th scope="col">of the class</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
    ${more > 0 ? html`<p class="muted">and ${formatCounted(more, "pair")} more</p>` : undefined}`;
}

function cellData(
  { matrix }: Judged["scores"],
  { cells }: Judged["cells"],
  { classNames, network: { size } }: Pick<ReportData, "classNames" | "network">,
): Html {
  const counts = new Map(matrix.cells.map(({ row, column, count }) => [`${row},${column}`, count]));
  return jsonFor({
    grainy: isGrainy(...size),
    names: classNames.map((_, index) => className(classNames, index)),
    cells: cells.map(({ row, column, pictures }) => ({
      row,
      column,
      count: counts.get(`${row},${column}`) ?? 0,
      pictures: pictures.map(({ file, path, probability = Number.NaN, loss = Number.NaN }) => ({
        file: dataAddress(file, "webp").split(",")[1],
        name: shortPath(path),
        answer: `${percent(probability)} sure, ${shortLoss(loss)}`,
      })),
    })),
  });
}

/** How well each class is recognised. */
export function classSection({ part, scores }: Judged, { classNames, parts }: ReportData): Html {
  const train = parts.find(({ name }) => name === "train");
  const learned = train?.counts ?? undefined;
  const rows = scores.classes.map((each, index) => ({
    f1: each.f1,
    markup: html`<tr>
      <th scope="row">${className(classNames, index)}</th>
      <td>${percent(each.precision)}</td>
      <td>${percent(each.recall)}</td>
      <td>${percent(each.f1)}</td>
      <td>${formatCount(each.support)}</td>
      ${learned === undefined ? undefined : html`<td>${formatCount(learned[index] ?? 0)}</td>`}
    </tr> `,
  }));
  const isLong = rows.length > mostClasses;
  const worst = isLong
    ? rows.toSorted((a, b) => (Number.isNaN(a.f1) ? 2 : a.f1) - (Number.isNaN(b.f1) ? 2 : b.f1)).slice(0, 20)
    : rows;
  const { mean } = scores;
  const average = html`<tr>
    <th scope="row">mean, total</th>
    <td>${percent(mean.precision)}</td>
    <td>${percent(mean.recall)}</td>
    <td>${percent(mean.f1)}</td>
    <td>${formatCount(scores.images)}</td>
    ${learned === undefined ? undefined : html`<td>${formatCount(train?.size ?? 0)}</td>`}
  </tr>`;
  const table = (shown: typeof rows, label: string): Html =>
    html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">class</th>
            <th scope="col">precision</th>
            <th scope="col">recall</th>
            <th scope="col">F1</th>
            <th scope="col">${learned === undefined ? "pictures" : part}</th>
            ${learned === undefined ? undefined : html`<th scope="col">train</th>`}
          </tr>
        </thead>
        <tbody>
          ${shown.map(({ markup }) => markup)}
        </tbody>
        <tfoot>
          ${average}
        </tfoot>
      </table>
    </div> `;
  return html`<p>
      Precision: the share of the pictures assigned to a class that belong to it. Recall: the share of a class's
      pictures that were found. F1 is their harmonic
      mean.${learned === undefined ? undefined : ` The last columns count the pictures of the ${part} and of the training part.`}${isLong ? " Those with the lowest F1 come first." : undefined}
    </p>
    ${table(worst, "Scores of the classes")}${
      isLong
        ? html`<details>
            <summary>All ${formatCount(rows.length)} classes</summary>
            ${table(rows, "Scores of all classes")}
          </details>`
        : undefined
    }`;
}

export function calibrationSection({ predictions, scores }: Judged): Html {
  const { confidence, accuracy } = scores.calibration;
  const gap = confidence - accuracy;
  const verdict =
    Math.abs(gap) < 0.02
      ? "Overall, its confidence is right."
      : `Overall, it is ${gap > 0 ? "overconfident" : "underconfident"}.`;
  return html`<p>Of answers that are 80 % sure, 80 % should be right. ${verdict}</p>
    ${bothWidths(drawCalibration(predictions, 640), drawCalibration(predictions, narrowWidth))}`;
}

export function mostWrongSection({ mostWrong, scores }: Judged, classNames: readonly string[]): Html {
  if (mostWrong.length === 0) return html`<p>Every answer is right.</p>`;
  const all = scores.confusions.reduce((sum, { count }) => sum + count, 0);
  return html`<p>
      ${mostWrong.length === all ? `All ${formatCounted(all, "mistake")}` : `${mostWrong.length} of ${formatCounted(all, "mistake")}`},
      starting with those where the right class was least probable. Some of their labels may be wrong.
    </p>
    ${gallery(mostWrong, classNames, true)}`;
}

/** Numbers that come first. */
export function keyFigures({ part, scores, unread }: Judged, classNames: readonly string[]): Html {
  const figures: readonly (readonly [string, string])[] = [
    ["accuracy", percent(scores.accuracy)],
    ...(scores.topFive === undefined ? [] : [["top-5 accuracy", percent(scores.topFive)] as const]),
    ["mean F1", percent(scores.mean.f1)],
    ["cross-entropy", formatMetric(scores.loss)],
    ["calibration error", percent(scores.calibration.expectedCalibrationError)],
  ];
  const [low, high] = accuracyInterval(scores);
  const of = part === "all" ? "" : ` of the ${part} part`;
  const single =
    classNames.length === 1
      ? html`<p>There is only one class, so every answer is right whatever the network does.</p>`
      : undefined;
  return html`<dl class="key">
      ${figures.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    <p class="muted">
      Of ${formatCounted(scores.images, "picture")}${of}; 95 % interval of the accuracy: ${percent(low)} to
      ${percent(high)}.
    </p>
    ${single}${unread > 0 ? html`<p>${formatCounted(unread, "file")}${of} could not be read and ${unread === 1 ? "does" : "do"} not count.</p>` : undefined}`;
}
