import type { KerasName } from "../../config/keras-object.ts";
import { makeNamedPart } from "../resolve-part.ts";
import { Constant, Ones, Zeros } from "./constant.ts";
import { Identity } from "./identity.ts";
import { Initializer } from "./initializer.ts";
import { Orthogonal } from "./orthogonal.ts";
import { RandomNormal, RandomUniform, TruncatedNormal } from "./random.ts";
import {
  GlorotNormal,
  GlorotUniform,
  HeNormal,
  HeUniform,
  LecunNormal,
  LecunUniform,
  VarianceScaling,
} from "./variance-scaling.ts";

export type InitializerName = KerasName<
  | "zeros"
  | "ones"
  | "constant"
  | "randomUniform"
  | "randomNormal"
  | "truncatedNormal"
  | "varianceScaling"
  | "glorotUniform"
  | "glorotNormal"
  | "heUniform"
  | "heNormal"
  | "lecunUniform"
  | "lecunNormal"
  | "orthogonal"
  | "identity"
  // Keras's other names.
  | "zero"
  | "one"
  | "uniform"
  | "normal"
>;

const makers: ReadonlyMap<string, () => Initializer> = new Map<string, () => Initializer>([
  ["zeros", () => new Zeros()],
  ["ones", () => new Ones()],
  ["constant", () => new Constant()],
  ["randomuniform", () => new RandomUniform()],
  ["randomnormal", () => new RandomNormal()],
  ["truncatednormal", () => new TruncatedNormal()],
  ["variancescaling", () => new VarianceScaling()],
  ["glorotuniform", () => new GlorotUniform()],
  ["glorotnormal", () => new GlorotNormal()],
  ["heuniform", () => new HeUniform()],
  ["henormal", () => new HeNormal()],
  ["lecununiform", () => new LecunUniform()],
  ["lecunnormal", () => new LecunNormal()],
  ["orthogonal", () => new Orthogonal()],
  ["identity", () => new Identity()],
  ["zero", () => new Zeros()],
  ["one", () => new Ones()],
  ["uniform", () => new RandomUniform()],
  ["normal", () => new RandomNormal()],
]);

/**
 * The initializer that an option names, or the default where the option is left out.
 *
 * @throws {InvalidConfigError} there is none of that name.
 */
export function resolveInitializer(
  owner: string,
  option: string,
  choice: InitializerName | Initializer | undefined,
  byDefault?: InitializerName,
): Initializer {
  if (choice instanceof Initializer) return choice;
  const expected = `an Initializer or one of ${[...makers.keys()].join(", ")}`;
  return makeNamedPart(owner, option, choice === undefined ? byDefault : choice, makers, expected);
}
