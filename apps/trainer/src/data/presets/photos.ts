import { n4, n5, n6 } from "@featuremap/applications";
import { celebA, flowers as loadFlowers } from "@featuremap/datasets";
import { UnavailableError } from "@featuremap/tensor";
import { openFolder } from "../open-folder.ts";
import { FilesPart } from "../part.ts";
import type { Preset } from "./preset.ts";

/** Photos of five flowers, by network N4. */
export const flowers: Preset = {
  name: "flowers",
  download: "flower_photos.tgz",
  imagesAre: "photos",
  network: n4,
  seed: 1,
  async open({ dataFolder, downloadFolder, signal, onDownload }) {
    const files = await loadFlowers({
      ...(dataFolder === undefined ? {} : { archive: dataFolder }),
      ...(downloadFolder === undefined ? {} : { cacheDirectory: downloadFolder }),
      ...(signal === undefined ? {} : { signal }),
      ...(onDownload === undefined ? {} : { onProgress: onDownload }),
    });
    return { train: new FilesPart(files) };
  },
};

/** Whether a face is a man's, by network N5. */
export const celebAGender: Preset = {
  name: "celeba-gender",
  imagesAre: "faces",
  network: n5,
  seed: 1,
  async open({ dataFolder }) {
    if (dataFolder === undefined) {
      throw new UnavailableError(
        "celeba-gender needs CelebA on the disk: its home page asks for your consent",
        "Put list_attr_celeba.txt, list_eval_partition.txt and img_align_celeba from " +
          "https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html into a folder, and name it with --data-folder.",
      );
    }
    const { train, validation, test } = await celebA({ directory: dataFolder, attribute: "Male" });
    return { train: new FilesPart(train), validation: new FilesPart(validation), test: new FilesPart(test) };
  },
};

/** Photos of cats and dogs, by network N6. */
export const catsAndDogs: Preset = {
  name: "cats-and-dogs",
  imagesAre: "photos",
  network: n6,
  seed: 1,
  async open({ dataFolder }) {
    if (dataFolder !== undefined) return openFolder(dataFolder);
    throw new UnavailableError(
      "cats-and-dogs needs the photos on the disk",
      "Unpack https://www.microsoft.com/en-us/download/details.aspx?id=54765, and name its folder PetImages with " +
        "--data-folder.",
    );
  },
};
