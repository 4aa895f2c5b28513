import { type GradCamMethod, type LayerInModel, featureMaps, filtersOf, layersOf } from "@featuremap/explain";
import type { Model } from "@featuremap/layers";
import { InvalidConfigError, formatShape } from "@featuremap/tensor";
import { drawGradCam, drawOcclusion } from "./heat-pictures.ts";
import { type UnwrittenFile, heatFiles, layerFiles } from "./inspected-file.ts";
import { drawFilters, drawMaps } from "../../drawing/layer-pictures.ts";
import type { Example } from "./open-example.ts";
import { spread } from "../../drawing/spread.ts";

/** A network that is looked into, and how. */
export interface Look {
  readonly model: Model;
  readonly labels: readonly string[];
  /** Those that were named; each kind of picture has its own where none was. */
  readonly layers: readonly LayerInModel[] | undefined;
  /** Class that maps speak for; the predicted one where it is undefined. */
  readonly classIndex: number | undefined;
  readonly camMethod: GradCamMethod;
  readonly count: number | undefined;
  readonly each: boolean;
}

/** Files whose pictures are made one by one. */
export type Files = readonly Iterable<UnwrittenFile>[];

const owner = "inspect";

/** @throws {InvalidConfigError} the network has none. */
export function requireConvolution(model: Model): void {
  const layers = layersOf(model);
  if (layers.some(({ isConvolution }) => isConvolution)) return;
  const names = layers.map(({ path }) => path).join(", ");
  throw new InvalidConfigError(owner, "the model", "a network with a convolution", `one of ${names}`);
}

/** @throws {InvalidConfigError} a layer gives something else. */
export function requireImages(flag: string, layers: Look["layers"] = []): void {
  const other = layers.find(({ outputShape }) => outputShape.length !== 4);
  if (other === undefined) return;
  const received = `${other.path}, which gives ${formatShape(other.outputShape)}`;
  throw new InvalidConfigError(owner, "--layer", `layers that give images, for ${flag}`, received);
}

/** What convolutions look for. @throws {InvalidConfigError} a layer that was named is none. */
export async function inspectFilters({ model, layers, count, each }: Look): Promise<Files> {
  const other = layers?.find(({ isConvolution }) => !isConvolution);
  if (other !== undefined) {
    throw new InvalidConfigError(
      owner,
      "--layer",
      "convolutions, for --filters",
      `${other.path}, a ${other.className}`,
    );
  }
  const files: Iterable<UnwrittenFile>[] = [];
  for (const layer of layers ?? [undefined]) {
    files.push(layerFiles("filters", drawFilters(await filtersOf(model, layer?.path), count), { each }));
  }
  return files;
}

/** What layers make of a picture: those named, else three of the convolutions. */
export async function inspectMaps({ model, layers, count, each }: Look, example: Example): Promise<Files> {
  const all = await featureMaps(model, example.input, { layers: layers?.map(({ path }) => path) });
  const images = all.filter(({ maps }) => maps.rank === 4);
  const shown = layers === undefined ? spread(images) : images;
  return shown.map((maps) => layerFiles("featureMaps", drawMaps(maps, count), { each, example }));
}

/** Where the network sees a class. */
export async function inspectGradCam(look: Look, example: Example): Promise<Files> {
  const files: Iterable<UnwrittenFile>[] = [];
  for (const layer of look.layers ?? [undefined]) {
    const heat = await drawGradCam({ ...look, example }, { layer: layer?.path, method: look.camMethod });
    files.push(heatFiles("gradCam", heat, example));
  }
  return files;
}

/** What becomes of a class with parts of the picture covered. */
export async function inspectOcclusion(look: Look, example: Example): Promise<Files> {
  return [heatFiles("occlusion", await drawOcclusion({ ...look, example }), example)];
}
