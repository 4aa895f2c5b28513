import {
  type Application,
  type TrainingDefaults,
  applicationNames,
  chooseNetwork,
  findApplication,
  preprocessingFor,
} from "@featuremap/applications";
import type { LoadProgress } from "@featuremap/formats";
import { type SizeChoice, chooseImageSize } from "../../data/choose-image-size.ts";
import { measureFiles } from "../../data/measure-files.ts";
import type { Model } from "@featuremap/layers";
import { requireFinite } from "../../models/non-finite-weight.ts";
import type { TrainingData } from "../../data/training-data.ts";
import { findPreset } from "../../data/presets/find-preset.ts";
import type { Network, NetworkOptions } from "./network-types.ts";
import { InvalidConfigError, ShapeError } from "@featuremap/tensor";
import { savedNetwork } from "./saved-network.ts";
import { tuning } from "./tuning.ts";
import { withWeights } from "./with-weights.ts";

/** Networks for pictures of any size: what they are trained on decides it. */
const anySize: ReadonlySet<string> = new Set(["small", "resnet", "mobile"]);
/**
 * Which network is trained on the data: the one asked for, the data set's own, or one that suits size and number of the
 * pictures.
 *
 * @param owner the command that asks, for errors
 * @throws {InvalidConfigError} there is none of that name, or it takes no such pictures or classes.
 */
export async function decideNetwork(owner: string, data: TrainingData, options: NetworkOptions): Promise<Network> {
  const { model } = options;
  requireModel(owner, options);
  const preset = data.kind === "dataset" ? findPreset(data.location) : undefined;
  if (model === undefined && preset !== undefined) {
    const { network, epochs = network.defaults.epochs } = preset;
    const reasons = { network: `the network for ${preset.name}`, imageSize: "as the network has it" };
    return applied(data, network, { reasons, options, name: preset.name, defaults: { ...network.defaults, epochs } });
  }
  if (model !== undefined && !applicationNames().includes(model)) return savedNetwork(owner, model, data, options);
  const measured = await sizeFor(data, options);
  if (model !== undefined) {
    const network = findApplication(model);
    requireFit(owner, network, options);
    const own = anySize.has(model) ? measured : undefined;
    const reasons = { network: "as --model says", imageSize: own?.reason ?? "as the network has it" };
    return applied(data, network, { reasons, options, size: own });
  }
  const { network, reason } = chooseNetwork({ imageSize: Math.max(...measured.size), images: data.train.size });
  return applied(data, network, { reasons: { network: reason, imageSize: measured.reason }, options, size: measured });
}

async function sizeFor(data: TrainingData, { imageSize }: NetworkOptions): Promise<SizeChoice> {
  if (typeof imageSize === "object") {
    return { size: [imageSize.height, imageSize.width], reason: "as --image-size says" };
  }
  return chooseImageSize(await measureFiles(data.train.files), data.train.size);
}

/** @throws {InvalidConfigError} an option tells of a model that is not named. */
function requireModel(owner: string, { model, preprocessing, weights }: NetworkOptions): void {
  for (const [option, value] of Object.entries({ "--preprocessing": preprocessing, "--weights": weights })) {
    if (model !== undefined || value === undefined) continue;
    throw new InvalidConfigError(owner, option, "given with --model, whose it is", value);
  }
}

/** @throws {InvalidConfigError} an option is for another kind of network. */
function requireFit(owner: string, network: Application, { preprocessing, weights }: NetworkOptions): void {
  if (preprocessing !== undefined) {
    const expected = `left out: ${network.name} has its own`;
    throw new InvalidConfigError(owner, "--preprocessing", expected, preprocessing);
  }
  if (weights === undefined || network.backbone !== undefined) return;
  const expected = `left out, since nobody publishes weights for ${network.name}; --model starts from a saved model`;
  throw new InvalidConfigError(owner, "--weights", expected, weights);
}

interface Applied {
  readonly reasons: Network["reasons"];
  readonly options: NetworkOptions;
  readonly size?: SizeChoice | undefined;
  readonly name?: string;
  readonly defaults?: TrainingDefaults;
}

function applied(data: TrainingData, network: Application, given: Applied): Network {
  const { imageSize, weights, isBegun = false, signal, onDownload } = given.options;
  const [ownHeight, ownWidth, channels] = network.inputShape;
  const [height, width] =
    typeof imageSize === "object"
      ? [imageSize.height, imageSize.width]
      : (given.size?.size ?? ([ownHeight, ownWidth] as const));
  const inputShape = [height, width, channels] as const;
  const { name = network.name, defaults = network.defaults } = given;
  const isAsked = typeof imageSize === "object";
  return {
    name: network.name,
    reasons: { ...given.reasons, ...(isAsked ? { imageSize: "as --image-size says" } : {}) },
    preprocessing: preprocessingFor(network, inputShape),
    outputs: network.outputs,
    loss: network.loss,
    // What has learned is not to be moved far.
    defaults: weights === undefined ? defaults : tuning,
    ...(weights === undefined ? {} : { base: { hasNewHead: true } }),
    build: async (seed) => {
      try {
        const options = { inputShape, classes: data.classNames.length, seed, name };
        if (weights === "imagenet" && network.load !== undefined) {
          const onProgress = ({ loadedBytes, totalBytes }: LoadProgress): void => onDownload?.(loadedBytes, totalBytes);
          return await finite(await network.load({ ...options, weights, signal, onProgress }));
        }
        const model = network.build(options);
        return weights === undefined || isBegun ? model : await withWeights(model, weights);
      } catch (error) {
        if (!(error instanceof ShapeError)) throw error;
        const expected = `larger, since ${network.name} halves pictures repeatedly (${error.message.replace(/\.$/, "")})`;
        throw new InvalidConfigError(network.name, "imageSize", expected, `${width}x${height}`);
      }
    },
  };
}

/** @throws {FormatError} what lay on the disk or came from a mirror has weights that are no finite numbers. */
async function finite(model: Model): Promise<Model> {
  try {
    await requireFinite(model, `the published weights of ${model.name}`);
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}
