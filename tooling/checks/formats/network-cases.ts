import { type Application, applications } from "@featuremap/applications";
import type { Model } from "@featuremap/layers";
import { HostArray, RandomStream } from "@featuremap/tensor";

/** Every network but the backbones, with its name before it. */
export const networkCases: readonly (readonly [string, Application])[] = Object.values(applications).map(
  (application) => [application.name, application],
);

/** A network for small pictures, with values that no initializer gives, so that none can be left out unnoticed. */
export function stirredNetwork(application: Application): Model {
  const anySize = ["mobile", "resnet", "small"].includes(application.name);
  const model = application.build({
    classes: application.outputs.startsWith("binary") ? 2 : 5,
    ...(anySize ? { inputShape: [32, 32, 3] } : {}),
  });
  const random = new RandomStream(1);
  for (const weight of model.weights) {
    // Variances are positive.
    const base = weight.name.includes("variance") || weight.name === "gamma" ? 1 : 0;
    const values = Float32Array.from({ length: weight.size }, () => base + random.uniform(-0.06, 0.14));
    weight.assign(new HostArray(values, weight.shape));
  }
  return model;
}
