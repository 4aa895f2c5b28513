import type { KerasName } from "../../config/keras-object.ts";
import type { PartKind } from "../part.ts";
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

/** The initializers that have names. */
export const initializers: PartKind<Initializer> = {
  base: Initializer,
  classes: [
    Zeros,
    Ones,
    Constant,
    RandomUniform,
    RandomNormal,
    TruncatedNormal,
    VarianceScaling,
    GlorotUniform,
    GlorotNormal,
    HeUniform,
    HeNormal,
    LecunUniform,
    LecunNormal,
    Orthogonal,
    Identity,
  ],
  aliases: new Map([
    ["zero", "zeros"],
    ["one", "ones"],
    ["uniform", "randomuniform"],
    ["normal", "randomnormal"],
  ]),
};
