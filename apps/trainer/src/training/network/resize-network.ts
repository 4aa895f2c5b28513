import { type Layer, type Model, deserializeModel } from "@featuremap/layers";
import { ShapeError, formatShape } from "@featuremap/tensor";

type Config = Record<string, unknown>;

/**
 * The same network for pictures of another size, with the same weights. The model given is not used up.
 *
 * That works where nothing but convolutions and pooling over the whole picture sees the size; weights
 * of layers that are to be replaced may be of another size.
 *
 * @param replaced which layers those are
 * @throws {ShapeError} a layer has weights for pictures of one size only.
 * @throws {FormatError} a layer takes no pictures of that size.
 */
export async function resizeNetwork(
  model: Model,
  [height, width]: readonly [height: number, width: number],
  replaced: (resized: Model) => readonly Layer[],
): Promise<Model> {
  const config = structuredClone(model.serialize()) as Config;
  setInput(config, [height, width]);
  const resized = deserializeModel(config, `the network for ${width} x ${height} pixels`);
  const left = new Set(replaced(resized).flatMap(({ weights }) => weights));
  const before = model.namedWeights();
  for (const [path, weight] of resized.namedWeights()) {
    const values = await before.get(path)?.read();
    if (values === undefined || left.has(weight)) continue;
    if (formatShape(weight.shape) !== formatShape(values.shape)) {
      resized.dispose();
      throw new ShapeError(path, "weights", formatShape(values.shape), formatShape(weight.shape));
    }
    weight.assign(values);
  }
  return resized;
}

/** Models within take pictures of any size. */
function setInput(model: Config, size: readonly [number | null, number | null]): void {
  const config = recordOf(model["config"]);
  const resized = (shape: unknown): unknown =>
    Array.isArray(shape) && shape.length === 4 ? [shape[0], ...size, shape[3]] : shape;
  if ("build_input_shape" in config) config["build_input_shape"] = resized(config["build_input_shape"]);
  const layers: readonly unknown[] = Array.isArray(config["layers"]) ? config["layers"] : [];
  for (const layer of layers.map(recordOf)) {
    const own = recordOf(layer["config"]);
    if (layer["class_name"] === "InputLayer") own["batch_shape"] = resized(own["batch_shape"]);
    if (Array.isArray(own["layers"])) setInput(layer, [null, null]);
  }
}

function recordOf(value: unknown): Config {
  return typeof value === "object" && value !== null ? (value as Config) : {};
}
