import { type Application, n1, n3 } from "@featuremap/applications";
import {
  type TrainAndTest,
  cifar100 as loadCifar100,
  cifar10 as loadCifar10,
  fashionMnist as loadFashionMnist,
  mnist as loadMnist,
} from "@featuremap/datasets";
import { ArraysPart } from "../part.ts";
import type { Preset, PresetSource } from "./preset.ts";

/** A preset whose pictures are all in memory. */
export interface ArrayPreset extends Preset {
  load(source?: PresetSource): Promise<TrainAndTest>;
}

interface Facts extends Pick<ArrayPreset, "name" | "imagesAre" | "download" | "load"> {
  readonly network: Application;
  readonly epochs?: number;
}

function arrayPreset(facts: Facts): ArrayPreset {
  return {
    ...facts,
    seed: 1,
    async open(source) {
      const { train, test } = await facts.load(source);
      return { train: new ArraysPart(train, `${facts.name} train`), test: new ArraysPart(test, `${facts.name} test`) };
    },
  };
}

type Where = {
  readonly directory?: string;
  readonly cacheDirectory?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: Progress;
};
type Progress = (loaded: number, total: number | undefined) => void;

function where({ dataFolder, downloadFolder, signal, onDownload }: PresetSource = {}): Where {
  return {
    ...(downloadFolder === undefined ? {} : { cacheDirectory: downloadFolder }),
    ...(dataFolder === undefined ? {} : { directory: dataFolder }),
    ...(signal === undefined ? {} : { signal }),
    ...(onDownload === undefined ? {} : { onProgress: onDownload }),
  };
}

/** Handwritten digits, by network N1. */
export const mnist: ArrayPreset = arrayPreset({
  name: "mnist",
  imagesAre: "digits",
  network: n1,
  load: ({ dataFolder } = {}) => loadMnist(dataFolder === undefined ? {} : { directory: dataFolder }),
});

/** Clothes in MNIST's format, by network N1, which needs a few more epochs for them. */
export const fashionMnist: ArrayPreset = arrayPreset({
  name: "fashion-mnist",
  download: "fashion-mnist",
  imagesAre: "clothes",
  network: n1,
  epochs: 10,
  load: (source) => loadFashionMnist(where(source)),
});

/** Small photos of ten classes, by network N3. */
export const cifar10: ArrayPreset = arrayPreset({
  name: "cifar10",
  download: "cifar-10-binary.tar.gz",
  imagesAre: "images",
  network: n3,
  load: (source) => loadCifar10(where(source)),
});

/** Small photos of a hundred classes, by network N3. */
export const cifar100: ArrayPreset = arrayPreset({
  name: "cifar100",
  download: "cifar-100-binary.tar.gz",
  imagesAre: "images",
  network: n3,
  load: (source) => loadCifar100(where(source)),
});
