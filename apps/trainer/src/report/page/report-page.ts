import { formatCount, formatCounted } from "../../terminal/format.ts";
import type { ReportData } from "../report-data.ts";
import { countSection, healthSection } from "./data-sections.ts";
import { type Html, html } from "./html.ts";
import {
  type Judged,
  calibrationSection,
  classSection,
  confusionSection,
  keyFigures,
  mostWrongSection,
} from "./judged-sections.ts";
import {
  batchSection,
  featureMapSection,
  filterSection,
  gradCamSection,
  labelledSection,
  shown,
} from "./network-sections.ts";
import { script } from "./script.ts";
import { curveSection, settingSection } from "./training-sections.ts";
import { wholePage } from "./whole-page.ts";
import { sizeText } from "../words.ts";

interface Section {
  readonly id: string;
  readonly title: string;
  readonly content: Html;
}

/** The whole report as a page that needs nothing else. */
export async function reportPage(data: ReportData): Promise<string> {
  const { name, classNames, network, judged, history: learned, firstBatches, training } = data;
  const ofJudged = (draw: (value: Judged) => Html): Html => shown(judged, draw);
  const sections: readonly Section[] = [
    ...(learned === undefined
      ? []
      : [
          {
            id: "curves",
            title: "Learning curves",
            content: shown(learned, (history) => curveSection(history, training?.weights)),
          },
        ]),
    ...("absent" in judged
      ? []
      : [
          {
            id: "confusion",
            title: "Confusion matrix",
            content: ofJudged((value) => confusionSection(value, data)),
          },
          { id: "classes", title: "Classes", content: ofJudged((value) => classSection(value, data)) },
          { id: "calibration", title: "Calibration", content: ofJudged(calibrationSection) },
          {
            id: "wrong",
            title: "Most wrong pictures",
            content: ofJudged((value) => mostWrongSection(value, classNames)),
          },
        ]),
    { id: "looked", title: "Where the network looked", content: await gradCamSection(data) },
    { id: "filters", title: "Filters of the first layer", content: filterSection(data) },
    { id: "maps", title: "Feature maps", content: featureMapSection(data) },
    { id: "labelled", title: "Labelled pictures", content: labelledSection(data) },
    ...(firstBatches === undefined
      ? []
      : [{ id: "batches", title: "First batches", content: await batchSection(firstBatches) }]),
    { id: "counts", title: "Pictures of each class", content: countSection(data) },
    { id: "health", title: "Health of the data", content: healthSection(data) },
    ...(training === undefined
      ? []
      : [{ id: "settings", title: "Settings of the training", content: settingSection(training) }]),
  ];
  const links = sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`);
  const contents = sections.map(
    ({ id, title, content }) =>
      html`<section aria-labelledby="${id}">
        <h2 id="${id}">${title}</h2>
        ${content}
      </section> `,
  );
  const body = html`<a class="skip" href="#content">To the content</a>
    <header>
      <h1>${name}</h1>
      <p class="muted">
        ${network.name}, ${formatCount(network.parameters)} weights, for pictures of ${sizeText(network.size)} pixels,
        ${network.channels}, of ${formatCounted(classNames.length, "class", "classes")}
      </p>
      ${shown(judged, (value) => keyFigures(value, classNames))}
      <nav aria-label="Sections">
        <ul>
          ${links}
        </ul>
      </nav>
    </header>
    <main id="content">${contents}</main>`;
  return wholePage(`${name} - Featuremap report`, body, script);
}
