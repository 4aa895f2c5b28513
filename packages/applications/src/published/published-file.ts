import { UnavailableError } from "@featuremap/tensor";
import type { BackboneSettings } from "../construction/backbone.ts";
import { mobileNetSizes, mobileNetV2Sizes, trainedSize } from "../construction/trained-size.ts";
import { fileHashes } from "./file-hashes.ts";

/** A file that Keras publishes. */
export interface PublishedFile {
  /** Its address, without that of the storage. */
  readonly path: string;
  /** What Keras calls it on the disk. */
  readonly name: string;
  /** MD5 or SHA-256 in hexadecimal digits; undefined where Keras has none. */
  readonly hash: string | undefined;
}

/** What tells apart files of one network. */
export interface FileSettings extends BackboneSettings {
  readonly alpha?: number;
  readonly minimalistic?: boolean;
}

const networks = "tensorflow/keras-applications";

/**
 * The file of a network's weights from ImageNet.
 *
 * @param network its name, as Keras has it; for mobile ones that of the function
 */
export function publishedFile(network: string, settings: FileSettings): PublishedFile {
  const { includeTop } = settings;
  if (network.startsWith("MobileNet")) return mobileFile(network, settings);
  if (network.startsWith("nasnet")) {
    const name = `${network}${includeTop ? "" : "_no_top"}.h5`;
    const served = name.replace("nasnet", "NASNet").replaceAll("_", "-");
    return { path: `${networks}/nasnet/${served}`, name, hash: hashOf(network, includeTop) };
  }
  const ending = `${includeTop ? "" : "_notop"}.h5`;
  const kernels = `${network}_weights_tf_dim_ordering_tf_kernels${ending}`;
  const [folder, name] = placeOf(network, `${network}${ending}`, kernels);
  return { path: `${folder}/${name}`, name, hash: hashOf(network, includeTop) };
}

function placeOf(network: string, short: string, long: string): readonly [folder: string, name: string] {
  if (network.startsWith("efficientnetv2")) return [`${networks}/efficientnet_v2`, short];
  if (network.startsWith("efficientnet")) return ["keras-applications", short];
  if (network.startsWith("convnext")) return [`${networks}/convnext`, short];
  const [family] = /^(?:resnet|densenet)/.exec(network) ?? [network];
  return [`${networks}/${family}`, long];
}

function mobileFile(network: string, { alpha = 1, includeTop, inputShape, minimalistic = false }: FileSettings) {
  if (network === "MobileNet") {
    const text = { 0.75: "7_5", 0.5: "5_0", 0.25: "2_5" }[alpha] ?? "1_0";
    const name = `mobilenet_${text}_${trainedSize(inputShape, mobileNetSizes)}_tf${includeTop ? "" : "_no_top"}.h5`;
    return { path: `${networks}/mobilenet/${name}`, name, hash: undefined };
  }
  const factor = Number.isInteger(alpha) ? alpha.toFixed(1) : String(alpha);
  if (network === "MobileNetV2") {
    const size = trainedSize(inputShape, mobileNetV2Sizes);
    const stem = `mobilenet_v2_weights_tf_dim_ordering_tf_kernels_${factor}_${size}`;
    const name = `${stem}${includeTop ? "" : "_no_top"}.h5`;
    return { path: `${networks}/mobilenet_v2/${name}`, name, hash: undefined };
  }
  const kind = `${network.endsWith("Small") ? "small" : "large"}${minimalistic ? "_minimalistic" : ""}`;
  const variant = `mobilenet_v3_${kind}_224_${factor}_float`;
  const name = `weights_${variant}${includeTop ? "" : "_no_top_v2"}.h5`;
  return { path: `${networks}/mobilenet_v3/${name}`, name, hash: hashOf(variant, includeTop) };
}

function hashOf(network: string, includeTop: boolean): string {
  const hash = fileHashes[network]?.[includeTop ? 0 : 1];
  // What no network asks for that the checks let through.
  if (hash === undefined)
    throw new UnavailableError(`Keras publishes no weights for ${network}`, "Give a file of weights.");
  return hash;
}
