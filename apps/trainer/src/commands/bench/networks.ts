import { type Application, n1, n3 } from "@featuremap/applications";

/** What can be measured: N1 classifies MNIST's digits, N3 the colour images of CIFAR-10. */
export type NetworkName = "n1" | "n3";

const networks: Readonly<Record<NetworkName, Application>> = { n1, n3 };

/** All networks that can be measured. */
export const networkNames: readonly NetworkName[] = ["n1", "n3"];

/** The network of that name. */
export function findNetwork(name: NetworkName): Application {
  return networks[name];
}
