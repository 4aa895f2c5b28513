import type { RgbaPixels } from "@featuremap/visualize";
import { toPng } from "@featuremap/visualize";
import { folderName } from "../../run/run-names.ts";
import type { HeatPicture } from "./heat-pictures.ts";
import type { LayerDrawing } from "../../drawing/layer-pictures.ts";
import type { Example } from "./open-example.ts";

/** A picture that was written. */
export interface InspectedFile {
  readonly kind: "filters" | "featureMaps" | "gradCam" | "occlusion";
  /** Absolute. */
  readonly path: string;
  readonly layer?: string;
  /** That was given to the network. */
  readonly image?: string;
  /** Class that the map speaks for. */
  readonly class?: string;
  /** Of filters and maps that share a file: how many of them. */
  readonly shown?: number;
  /** Of a filter or map that has a file of its own: which one, counted from 0. */
  readonly index?: number;
  /** Of filters and maps: how many the layer has, and the size of one. */
  readonly all?: number;
  readonly size?: readonly [height: number, width: number];
}

/** A picture that is to be written. */
export interface UnwrittenFile extends Omit<InspectedFile, "path"> {
  readonly name: string;
  readonly contents: Uint8Array | string;
}

/** One file of all that a layer holds, or a file for each. */
export function* layerFiles(
  kind: "filters" | "featureMaps",
  drawing: LayerDrawing,
  { each, example }: { readonly each: boolean; readonly example?: Example },
): Generator<UnwrittenFile> {
  const { layer, shown, all, size } = drawing;
  const about = { kind, layer, ...(example === undefined ? {} : { image: example.image }) };
  const words = [
    kind === "filters" ? "filters" : "feature-maps",
    ...(example === undefined ? [] : [example.stem]),
    layer,
  ];
  if (!each) {
    yield { ...about, shown, all, size, ...png(words, drawing.grid()) };
    return;
  }
  const digits = String(shown - 1).length;
  let index = 0;
  for (const pixels of drawing.single()) {
    yield { ...about, index, all, size, ...png([...words, String(index).padStart(digits, "0")], pixels) };
    index++;
  }
}

/** The map over the picture, and a drawing of both with words. */
export function* heatFiles(
  kind: "gradCam" | "occlusion",
  { layer, class: label, pixels, drawing }: HeatPicture,
  { image, stem }: Example,
): Generator<UnwrittenFile> {
  const about = { kind, image, class: label, ...(layer === undefined ? {} : { layer }) };
  const words = [kind === "gradCam" ? "grad-cam" : "occlusion", stem, ...(layer === undefined ? [] : [layer])];
  yield { ...about, ...png(words, pixels) };
  yield { ...about, name: `${fileStem(words)}.svg`, contents: drawing };
}

function png(words: readonly string[], pixels: RgbaPixels): Pick<UnwrittenFile, "name" | "contents"> {
  return { name: `${fileStem(words)}.png`, contents: toPng(pixels) };
}

/** Layers inside other models have a slash in their names. */
function fileStem(words: readonly string[]): string {
  return folderName(words.join("-"));
}
