import {
  Dense,
  type DenseConfig,
  Dropout,
  GlobalAveragePooling2D,
  GlobalMaxPooling2D,
  type SymbolicTensor,
} from "@featuremap/layers";
import type { BackboneSettings } from "./backbone.ts";
import type { Connect } from "./connect.ts";

/** Names of the layers over the features, where Keras gives them some. */
interface PoolNames {
  readonly average?: string;
  readonly maximum?: string;
}

/** What stands between the pooled features and the classes. */
interface TopOptions extends PoolNames {
  /** Dropped of the pooled features, by the layer `top_dropout`. Default: 0, without the layer. */
  readonly dropout?: number;
  /** Of the last layer, beside its activation. */
  readonly dense?: Pick<DenseConfig, "kernelInitializer" | "biasInitializer">;
}

/** The features as they are, or their means or maxima, as `pooling` says. */
export function pool(
  connect: Connect,
  x: SymbolicTensor,
  pooling: BackboneSettings["pooling"],
  { average, maximum }: PoolNames = {},
): SymbolicTensor {
  if (pooling === "avg") return connect(new GlobalAveragePooling2D({ name: average }), x);
  return pooling === "max" ? connect(new GlobalMaxPooling2D({ name: maximum }), x) : x;
}

/** Mean features and a dense layer `predictions` for the top, or else {@link pool}. */
export function classifyOrPool(
  connect: Connect,
  x: SymbolicTensor,
  { includeTop, pooling, classes, classifierActivation }: BackboneSettings,
  { dropout = 0, dense = {}, ...names }: TopOptions = {},
): SymbolicTensor {
  if (!includeTop) return pool(connect, x, pooling, names);
  let y = pool(connect, x, "avg", names);
  if (dropout > 0) y = connect(new Dropout({ rate: dropout, name: "top_dropout" }), y);
  return connect(new Dense({ units: classes, activation: classifierActivation, name: "predictions", ...dense }), y);
}
