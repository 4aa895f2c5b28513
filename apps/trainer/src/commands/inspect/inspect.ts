import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { DeviceRequest } from "@featuremap/devices";
import type { GradCamMethod } from "@featuremap/explain";
import { reasonOf, writeFileWhole } from "@featuremap/files";
import { type Prediction, loadClassifier } from "@featuremap/inference";
import { UnavailableError } from "@featuremap/tensor";
import { type DeviceDescription, describeDevice } from "../../device/device-description.ts";
import {
  type Files,
  inspectFilters,
  inspectGradCam,
  inspectMaps,
  inspectOcclusion,
  requireConvolution,
  requireImages,
} from "./draw-inspected.ts";
import { findClass, findLayer } from "./find-named.ts";
import type { InspectedFile, UnwrittenFile } from "./inspected-file.ts";
import { type Example, openExample } from "./open-example.ts";
import { type OpenBundle, openBundle } from "../../models/open-bundle.ts";

/** What to draw of a model, and where. */
export interface InspectOptions {
  /** A bundle's folder, `model.json` or address. */
  readonly bundle: string;
  /** Where no other picture is asked for, the filters are. */
  readonly filters?: boolean;
  /** Files, or test images of data sets, as "mnist:0". */
  readonly featureMaps?: string | undefined;
  readonly gradCam?: string | undefined;
  readonly occlusion?: string | undefined;
  /** Names, paths or places of layers. */
  readonly layer?: readonly string[] | undefined;
  /** Label that `gradCam` and `occlusion` speak for; the predicted one unless given. */
  readonly class?: string | undefined;
  readonly camMethod?: GradCamMethod;
  /** Most filters, and most maps of a layer. */
  readonly count?: number | undefined;
  /** A file for each filter and map. */
  readonly each?: boolean;
  /** Folder for the pictures. */
  readonly out: string;
  readonly maxPixels?: number | undefined;
  /** Where a data set with a name lies. */
  readonly dataFolder?: string | undefined;
  readonly device?: DeviceRequest;
  readonly threads?: number | undefined;
  /** Called for each picture, before anything is written. */
  readonly onImage?: (image: InspectedImage) => void;
  /** Called as soon as a file is there. */
  readonly onFile?: (file: InspectedFile) => void;
}

/** What the network says of a picture. */
export interface InspectedImage {
  readonly image: string;
  readonly predictions: readonly Prediction[];
}

/** What was written, and what computed it. */
export interface InspectResult {
  /** Absolute. */
  readonly out: string;
  readonly files: number;
  readonly device: DeviceDescription;
}

/**
 * Draws what a model looks for and what it sees, as files. All that is asked for is computed before the first is written.
 *
 * @throws {InvalidConfigError} the network has no convolution, no such layer or no such class, or a layer gives no images.
 * @throws {UnavailableError} the bundle, a picture or the device is not there, or the folder cannot be written.
 * @throws {FormatError} the bundle or a picture is damaged.
 */
export async function inspect(options: InspectOptions): Promise<InspectResult> {
  const { bundle: location, onFile } = options;
  const out = resolve(options.out);
  const opened = await openBundle(location, options);
  try {
    const drawings = await draw(opened, options);
    await makeFolder(out);
    let files = 0;
    for (const drawing of drawings) {
      for (const { name, contents, ...about } of drawing) {
        const path = join(out, name);
        await writeFileWhole(path, contents);
        files++;
        onFile?.({ ...about, path });
      }
    }
    return { out, files, device: describeDevice(opened.device) };
  } finally {
    await opened.close();
  }
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    throw new UnavailableError(`Cannot write to ${path} (${reasonOf(cause)})`, "Choose another folder with --out.", {
      cause,
    });
  }
}

/** Looks at all that was asked for; what is wrong with it is said before anything is computed. */
async function draw({ bundle, device }: OpenBundle, options: InspectOptions): Promise<Files> {
  const { model, labels } = bundle;
  const { featureMaps, gradCam, occlusion, count, each = false, camMethod = "gradCam", onImage } = options;
  const images = [featureMaps, gradCam, occlusion].filter((image) => image !== undefined);
  const showsFilters = options.filters === true || images.length === 0;
  if (showsFilters || featureMaps !== undefined || gradCam !== undefined) requireConvolution(model);
  const layers = options.layer?.map((word) => findLayer(model, word));
  const classIndex = options.class === undefined ? undefined : findClass(labels, options.class);
  const look = { model, labels, layers, classIndex, camMethod, count, each };
  if (featureMaps !== undefined) requireImages("--feature-maps", layers);
  if (gradCam !== undefined) requireImages("--grad-cam", layers);
  const files: Iterable<UnwrittenFile>[] = showsFilters ? [...(await inspectFilters(look))] : [];
  if (images.length === 0) return files;

  const classifier = await loadClassifier(bundle, { device: device.name });
  try {
    const examples = new Map<string, Example>();
    for (const image of new Set(images)) {
      const example = await openExample(image, classifier, options);
      examples.set(image, example);
      onImage?.({ image, predictions: example.predictions });
    }
    const kinds = [
      [featureMaps, inspectMaps],
      [gradCam, inspectGradCam],
      [occlusion, inspectOcclusion],
    ] as const;
    for (const [image, inspectKind] of kinds) {
      const example = image === undefined ? undefined : examples.get(image);
      if (example !== undefined) files.push(...(await inspectKind(look, example)));
    }
    return files;
  } finally {
    classifier.dispose();
  }
}
