import { Option } from "@featuremap/tensor";
import type { ConfigReader } from "../config/config-reader.ts";
import { serializePart } from "../config/keras-object.ts";
import { type Regularizer, type RegularizerName, resolveRegularizer } from "../parts/regularizers.ts";
import { readRegularizer } from "./reading/part-readers.ts";

/** What a weight or an output costs, by name or as an object; nothing by default. */
export function regularizerOption(): Option<RegularizerName | Regularizer | null | undefined, Regularizer | null> {
  return new Option<RegularizerName | Regularizer | null | undefined, Regularizer | null>({
    check: resolveRegularizer,
    read: (saved: ConfigReader, key) => readRegularizer(saved, key),
    write: serializePart,
  });
}
