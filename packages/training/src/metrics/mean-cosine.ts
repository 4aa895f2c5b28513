import { CosineSimilarity } from "../losses/regression/cosine-similarity.ts";
import { MeanLoss } from "./mean-loss.ts";

/** The mean cosine of the angle between targets and outputs. Source: Keras 3's metric `CosineSimilarity`. */
export class MeanCosine extends MeanLoss {
  static override readonly className: string = "MeanCosine";
  constructor(name: string) {
    super({ name, loss: new CosineSimilarity(), direction: "up" });
  }

  override result(sums: Float64Array): number {
    return 0 - super.result(sums);
  }
}
