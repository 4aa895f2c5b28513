/**
 * The files of a model as the npm package nsfwjs ships them, `model.json` and shards: layers-models of Keras 2.2.4 without a `format`,
 * quantized to uint8; `mobilenet_v2_mid` is a graph-model. Its authors trained the first from ImageNet's weights.
 */
export function nsfwjsFiles(
  model: "mobilenet_v2" | "mobilenet_v2_mid" | "inception_v3",
): ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
