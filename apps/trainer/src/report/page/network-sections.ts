import { encodeWebp } from "../thumbnails.ts";
import type { Explained, LearnedBatch, ReportData, Shown } from "../report-data.ts";
import { figure, gallery, layerFigure } from "./figures.ts";
import { type Html, html } from "./html.ts";
import { answerOf, className, percent, shortLoss, shortPath } from "../words.ts";

/** What a section shows, or why it shows nothing. */
export function shown<Value>(given: Shown<Value>, draw: (value: Value) => Html): Html {
  return "absent" in given ? html`<p class="muted">${given.absent}</p>` : draw(given.value);
}

export function labelledSection({ labelled, classNames }: ReportData): Html {
  return shown(
    labelled,
    (pictures) =>
      html`<p>Chosen at random, as the network sees them, each with its label.</p>
        ${gallery(pictures, classNames)}`,
  );
}

export async function batchSection(firstBatches: NonNullable<ReportData["firstBatches"]>): Promise<Html> {
  if ("absent" in firstBatches) return shown(firstBatches, () => html``);
  const batches = await Promise.all(firstBatches.value.map(learnedBatch));
  return html`<p>The first pictures of the training, as the network saw them after augmentation.</p>
    ${batches}`;
}

async function learnedBatch({ pictures }: LearnedBatch, index: number): Promise<Html> {
  const files = await Promise.all(pictures.map(({ pixels }) => encodeWebp(pixels)));
  const figures = pictures.map(({ pixels, caption }, at) =>
    figure(files[at] ?? new Uint8Array(), pixels, {
      alt: `training picture ${at + 1} of batch ${index + 1}: ${caption.replaceAll("\n", ", ")}`,
      lines: caption.split("\n"),
    }),
  );
  return html`<h3>Batch ${index + 1}</h3>
    <div class="pictures">${figures}</div>`;
}

export function filterSection({ filters }: ReportData): Html {
  return shown(filters, (layer) => layerFigure(layer, "filter"));
}

export function featureMapSection({ featureMaps, classNames }: ReportData): Html {
  return shown(
    featureMaps,
    ({ picture, layers }) =>
      html`<p>Feature maps of one picture: bright where a filter finds its pattern.</p>
        ${gallery([picture], classNames)}${layers.map((layer) => layerFigure(layer, "feature map"))}`,
  );
}

export async function gradCamSection({ gradCam, classNames }: ReportData): Promise<Html> {
  if ("absent" in gradCam) return shown(gradCam, () => html``);
  const { layer, part, pictures } = gradCam.value;
  const groups = await Promise.all(
    [
      { title: "Right answers", of: pictures.filter(({ label, predicted }) => label === predicted) },
      { title: "Wrong answers", of: pictures.filter(({ label, predicted }) => label !== predicted) },
    ].map(async ({ title, of }) => {
      const figures = await Promise.all(of.map((picture) => explainedFigures(picture, classNames)));
      const content =
        of.length === 0 ? html`<p class="muted">There are none.</p>` : html`<div class="explained">${figures}</div>`;
      return html`<h3>${title}</h3>
        ${content}`;
    }),
  );
  const of = part === "all" ? "pictures that it classified" : `pictures of the ${part} part`;
  const where = part === "train" ? "pictures that the network was trained on" : of;
  return html`<p>Grad-CAM of layer ${layer} for ${where}: yellow parts support the class, dark blue parts do not.</p>
    ${groups}`;
}

async function explainedFigures(picture: Explained, classNames: readonly string[]): Promise<Html> {
  const { maps, pixels, file, path, label, predicted = label, probability = Number.NaN, loss = Number.NaN } = picture;
  const name = shortPath(path);
  const { isWrong } = answerOf(classNames, picture);
  const own = figure(file, pixels, {
    alt: `${name}, ${className(classNames, label)}`,
    lines: [`is ${className(classNames, label)}`, name],
  });
  const heats = await Promise.all(
    maps.map(async ({ classIndex, pixels: heat }) => {
      const isAnswer = classIndex === predicted;
      const title = `for ${className(classNames, classIndex)}`;
      const told = isAnswer ? `answer, ${percent(probability)}` : `right, ${shortLoss(loss)}`;
      return figure(await encodeWebp(heat), heat, {
        alt: `where the network looked in ${name} ${title}`,
        lines: [title, told],
        isWrong: isWrong && isAnswer,
      });
    }),
  );
  return html`<div class="maps">${own}${heats}</div>`;
}
