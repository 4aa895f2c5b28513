import {
  type Application,
  type TrainingDefaults,
  applicationNames,
  chooseNetwork,
  findApplication,
  preprocessingFor,
} from "@featuremap/applications";
import { type SizeChoice, chooseImageSize } from "../../data/choose-image-size.ts";
import { measureFiles } from "../../data/measure-files.ts";
import type { TrainingData } from "../../data/training-data.ts";
import { findPreset } from "../../data/presets/find-preset.ts";
import type { Network, NetworkOptions } from "./network-types.ts";
import { InvalidConfigError, ShapeError } from "@featuremap/tensor";
import { savedNetwork } from "./saved-network.ts";

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

interface Applied {
  readonly reasons: Network["reasons"];
  readonly options: NetworkOptions;
  readonly size?: SizeChoice | undefined;
  readonly name?: string;
  readonly defaults?: TrainingDefaults;
}

function applied(data: TrainingData, network: Application, given: Applied): Network {
  const { imageSize } = given.options;
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
    defaults,
    build: async (seed) => {
      try {
        return network.build({ inputShape, classes: data.classNames.length, seed, name });
      } catch (error) {
        if (!(error instanceof ShapeError)) throw error;
        const expected = `larger, since ${network.name} halves pictures repeatedly (${error.message.replace(/\.$/, "")})`;
        throw new InvalidConfigError(network.name, "imageSize", expected, `${width}x${height}`);
      }
    },
  };
}
