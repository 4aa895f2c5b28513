import { type GradCamMethod, gradCam, occlusion } from "@featuremap/explain";
import { type Model, outputMeaning } from "@featuremap/layers";
import { type RgbaPixels, heatmapOver, plotImageGrid } from "@featuremap/visualize";
import { className, percent } from "../../report/words.ts";
import { enlarge } from "../../drawing/enlarge.ts";
import type { Example } from "./open-example.ts";

/** Where a network looked, over the picture. */
export interface HeatPicture {
  /** Absent where no layer was looked at. */
  readonly layer?: string;
  /** Class that the map speaks for. */
  readonly class: string;
  readonly pixels: RgbaPixels;
  /** The picture and the map over it, with words. */
  readonly drawing: string;
}

/** What to make a map of. */
export interface HeatRequest {
  readonly model: Model;
  readonly example: Example;
  readonly labels: readonly string[];
  /** The predicted one, where it is undefined. */
  readonly classIndex: number | undefined;
}

const methodNames: Readonly<Record<GradCamMethod, string>> = {
  gradCam: "Grad-CAM",
  hiResCam: "HiResCAM",
  gradCamPlusPlus: "Grad-CAM++",
};

/** Pixels of a drawing's width. */
const width = 640;

/** What speaks for the class, place by place of a layer. */
export async function drawGradCam(
  request: HeatRequest,
  { layer, method }: { readonly layer: string | undefined; readonly method: GradCamMethod },
): Promise<HeatPicture & { readonly layer: string }> {
  const { model, example, classIndex } = request;
  const found = await gradCam(model, example.input, { layer, method, classIndex });
  const index = found.classIndices[0] ?? 0;
  const title = `${methodNames[method]} of ${found.layer}`;
  const heat = heatmapOver(enlarge(example.seen), found.heatmaps.entry(0), { range: [0, 1] });
  return { layer: found.layer, ...pictureOf(request, index, heat, title, "") };
}

/** How far the class's output falls with each part of the picture covered. */
export async function drawOcclusion(request: HeatRequest): Promise<HeatPicture> {
  const { model, example, classIndex } = request;
  const { classIndex: index, drops, score, scores } = await occlusion(model, example.input, { classIndex });
  const largest = drops.data.reduce((most, drop) => Math.max(most, drop), 0);
  // A picture of which no part matters has no map, not one of noise.
  const range = [0, largest > 0 ? largest : 1] as const;
  const heat = heatmapOver(enlarge(example.seen), drops, { range });
  const least = scores.data.reduce((low, each) => Math.min(low, each), score);
  const isShare = outputMeaning(model) === "probabilities";
  const [whole, covered] = [score, least].map((value) => (isShare ? percent(value) : value.toFixed(2)));
  const found = `${isShare ? "" : "score "}${whole}, with the worst part covered ${covered}`;
  return pictureOf(request, index, heat, "Occlusion", `\n${found}`);
}

function pictureOf(
  { example: { seen, image, predictions }, labels }: HeatRequest,
  index: number,
  pixels: RgbaPixels,
  title: string,
  addition: string,
): HeatPicture {
  const label = className(labels, index);
  const [best] = predictions;
  const answer = best === undefined ? "" : `\nanswer: ${className(labels, best.index)}, ${percent(best.probability)}`;
  const drawing = plotImageGrid([enlarge(seen), pixels], {
    title: `${title}: where the network sees ${label}`,
    width,
    columns: 2,
    titles: [`${image}${answer}`, `for ${label}${addition}`],
  });
  return { class: label, pixels, drawing };
}
