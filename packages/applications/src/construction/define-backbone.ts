import { type ActivationName, Input, Model, type SymbolicTensor } from "@featuremap/layers";
import {
  type AnyOptions,
  type HostArray,
  InvalidConfigError,
  Option,
  type Settled,
  checkOptions,
  settleOptions,
} from "@featuremap/tensor";
import { requireInputShape } from "../define-application.ts";
import type { InputShape } from "../input-shape.ts";
import type { Backbone, BackboneOptions, BackboneSettings, WeightsOptions } from "./backbone.ts";
import { type PreprocessingMode, backbonePreprocessing } from "./backbone-preprocessing.ts";
import { type Connect, namedInOrder } from "./connect.ts";
import { loadPublished, loadWeights, throwIfAborted } from "./load-weights.ts";
import { preprocessInput } from "./preprocess-input.ts";
import { takeWeightsOptions, withoutWeightsOptions } from "./weights-options.ts";

/** What a network's options may be given. */
type Given<Declared extends AnyOptions> = {
  readonly [Name in keyof Declared]?: Declared[Name] extends Option<infer Value, unknown> ? Value : never;
};

/** A network before its options are checked. Holds nothing but functions and constants, so that bundlers leave out unused ones. */
export interface BackboneDefinition<Declared extends AnyOptions> {
  /** Keras's name of the function. */
  readonly className: string;
  /** Keras's name of the model. */
  readonly name: string | ((settings: BackboneSettings & Settled<Declared>) => string);
  /** How it takes pixels. */
  readonly preprocessing: PreprocessingMode;
  /** Side of its pictures where nobody says otherwise. */
  readonly size: number;
  /** Least side of its pictures. Default: 32. */
  readonly leastSize?: number;
  /** Whether pictures are of `size` even without the top, or of any size even with it. Default: with the top alone. */
  readonly sized?: "always" | "never";
  /** What it takes beside {@link BackboneOptions}. */
  readonly options?: () => Declared;
  /** Its layers, from the input to the output. */
  readonly make: (
    connect: Connect,
    input: SymbolicTensor,
    settings: BackboneSettings & Settled<Declared>,
  ) => SymbolicTensor;
}

function commonOptions() {
  return {
    includeTop: Option.flag().default(true),
    inputShape: Option.plain<unknown>({ expected: "a shape", accepts: () => true }).orNull(),
    pooling: Option.word<"avg" | "max">(["avg", "max"], "avg, max or null").orNull(),
    classes: Option.integer(1).default(1000),
    classifierActivation: Option.plain<ActivationName | null>({
      expected: "the name of an activation, or null",
      accepts: (value) => typeof value === "string",
    }).orNull(),
    name: Option.plain<string>({ expected: "text", accepts: (value) => typeof value === "string" }).orNull(),
    seed: Option.plain<number | undefined>({ expected: "an integer in [0, 2^32)", accepts: () => true }),
  };
}

const noOptions = {};

/** Makes a network of its definition: every option is checked before the first layer is made. */
export function defineBackbone<Declared extends AnyOptions = typeof noOptions>(
  definition: BackboneDefinition<Declared>,
): Backbone<BackboneOptions & Given<Declared>> {
  const { className: owner, make } = definition;
  const preprocessing = backbonePreprocessing(definition.preprocessing, definition.size);
  const settle = (options: BackboneOptions & Given<Declared>, imagenet: boolean) => {
    const own = definition.options?.() ?? (noOptions as Declared);
    const common = commonOptions();
    checkOptions(owner, options, { ...common, ...own });
    const { name, seed, classifierActivation, inputShape, ...settled } = settleOptions(owner, options, common);
    const unnamed = {
      ...settled,
      ...settleOptions(owner, options, own),
      inputShape: settleShape(definition, inputShape, settled.includeTop),
      // Softmax where it is left out, nothing where it is null.
      classifierActivation: options.classifierActivation === undefined ? "softmax" : (classifierActivation ?? "linear"),
      imagenet,
      name: "",
    };
    const ownName = typeof definition.name === "string" ? definition.name : definition.name(unnamed);
    return { settings: { ...unnamed, name: name ?? ownName }, seed };
  };
  const assemble = ({ settings, seed }: ReturnType<typeof settle>): Model => {
    const inputs = Input({ shape: settings.inputShape });
    const outputs = make(namedInOrder(), inputs, settings);
    return new Model({ inputs, outputs, name: settings.name, seed });
  };
  const build = (options: BackboneOptions & Given<Declared> = {}): Model =>
    assemble(settle(withoutWeightsOptions(owner, `${owner}.load`, options), false));
  return Object.assign(build, {
    load: async (given: BackboneOptions & Given<Declared> & WeightsOptions = {}) => {
      const names = { ...commonOptions(), ...definition.options?.() };
      const { options, weights: source } = takeWeightsOptions(owner, owner, given, names);
      const { weights = "imagenet", signal, onProgress, limits, mirror, cacheDirectory } = source;
      const settled = settle(options as BackboneOptions & Given<Declared>, weights === "imagenet");
      const { settings } = settled;
      checkActivation(owner, settings);
      let fill = (model: Model): Promise<void> => loadWeights(model, weights, { signal, onProgress, limits });
      if (weights === "imagenet") {
        refuseUnused(owner, { limits }, 'left out where weights are "imagenet"');
        const { imagenetFile } = await import("../published/imagenet-file.ts");
        const network = typeof definition.name === "string" ? definition.name : owner;
        const { size, sized } = definition;
        const facts = { owner, size, isSized: sized !== "never", givenShape: options.inputShape };
        const find = imagenetFile(network, facts, settings, { signal, onProgress, mirror, cacheDirectory });
        fill = async (model) => loadPublished(model, await find(), { signal });
      } else refuseUnused(owner, { mirror, cacheDirectory }, 'left out, unless weights are "imagenet"');
      throwIfAborted(settings.name, signal);
      const model = assemble(settled);
      try {
        await fill(model);
        return model;
      } catch (error) {
        model.dispose();
        throw error;
      }
    },
    preprocessing,
    preprocessInput: (images: HostArray) => preprocessInput(`${owner}.preprocessInput`, images, preprocessing),
  });
}

/** @throws {InvalidConfigError} the top has an activation that nobody's weights have learned for. */
function checkActivation(owner: string, { includeTop, classifierActivation }: BackboneSettings): void {
  if (!includeTop || classifierActivation === "softmax" || classifierActivation === "linear") return;
  throw new InvalidConfigError(owner, "classifierActivation", "softmax or null with weights", classifierActivation);
}

/** @throws {InvalidConfigError} an option of another source of weights is given. */
function refuseUnused(owner: string, options: Partial<WeightsOptions>, expected: string): void {
  const [option, value] = Object.entries(options).find(([, given]) => given !== undefined) ?? [];
  if (option === undefined) return;
  throw new InvalidConfigError(owner, option, expected, value);
}

/** @throws {InvalidConfigError} it is no shape, or one that the network does not take. */
function settleShape(
  {
    className,
    size,
    leastSize = 32,
    sized,
  }: Pick<BackboneDefinition<AnyOptions>, "className" | "size" | "leastSize" | "sized">,
  given: unknown,
  includeTop: boolean,
): InputShape {
  const needsSize = sized === undefined ? includeTop : sized === "always";
  if (given === null) return needsSize ? [size, size, 3] : [null, null, 3];
  const shape = requireInputShape(className, given);
  const [height, width] = shape;
  if (includeTop && sized !== "never" && (height === null || width === null)) {
    throw new InvalidConfigError(className, "inputShape", "of known height and width, as the top is included", given);
  }
  if ((height ?? leastSize) < leastSize || (width ?? leastSize) < leastSize) {
    throw new InvalidConfigError(className, "inputShape", `at least ${leastSize}x${leastSize} pixels`, given);
  }
  return shape;
}
