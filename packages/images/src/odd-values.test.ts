import { HostArray, describeValue } from "@featuremap/tensor";
import { expectOwnErrors, oddValues } from "@featuremap/testing/odd-values";
import { describe, test } from "vitest";
import * as images from "./index.ts";

const pixels = { data: new Uint8Array(4), width: 2, height: 2 };
const array = new HostArray(new Uint8Array(12), [2, 2, 3]);
const grey = images.plainPreprocessing([2, 2], "grayscale");
/** A BMP of one pixel. */
const file = Uint8Array.from(
  atob("Qk06AAAAAAAAADYAAAAoAAAAAQAAAAEAAAABABgAAAAAAAQAAAAAAAAAAAAAAAAAAAAAAAAAAQIDAA=="),
  (character) => character.charCodeAt(0),
);

/** Arguments that each function works with; one after the other is replaced by something odd. */
const working: Readonly<Record<string, readonly unknown[]>> = {
  adjustBrightness: [array, 0.1],
  adjustContrast: [array, 0.1],
  centerCrop: [[2, 2]],
  centralCrop: [array, 0.5],
  channelCount: ["rgb"],
  colorJitter: [{ brightness: 0.1 }],
  cropToBoundingBox: [array, 0, 0, 1, 1],
  cutout: [2, 0],
  describeOperation: [images.randomInvert()],
  flipLeftRight: [array],
  imageDataGenerator: [{ rotationRange: 5 }],
  imageOperation: [{ name: "cutout", arguments: [2] }],
  decodeImage: [file, {}],
  lendImage: [file, {}, () => 0],
  digitOfImage: [pixels],
  measureImage: [file, {}],
  isDescribed: [images.randomInvert()],
  normaliseDigit: [pixels],
  operationMakerName: [images.randomInvert],
  pad: [1, 0],
  parsePreprocessing: [grey, "model.json"],
  plainPreprocessing: [[2, 2], "rgb", 1],
  preprocessBatch: [new HostArray(new Uint8Array(4), [1, 2, 2, 1]), [0], grey],
  pictureChannels: [grey],
  pictureReader: ["owner", pixels],
  preprocessPixels: [pixels, grey],
  randAugment: [1, 9],
  randomAffine: [{ rotation: 0.1 }],
  randomAutoContrast: [1],
  randomBrightness: [0.1],
  randomContrast: [0.5, 1.5],
  randomCrop: [1, 1],
  randomEqualize: [1],
  randomErasing: [{ probability: 1 }],
  randomFlipLeftRight: [1],
  randomFlipUpDown: [1],
  randomGamma: [0.5, 2],
  randomGrayscale: [1],
  randomHue: [0.1],
  randomInvert: [1],
  randomPerspective: [0.5, 1, { fillValue: 0 }],
  randomPosterize: [4, 1],
  randomResizedCrop: [[2, 2], { flip: 1 }],
  randomRotation: [0.1, { fillValue: 0 }],
  randomSaturation: [0.5, 2],
  randomSharpness: [0.5, 2],
  randomSolarize: [128, 1],
  randomTranslation: [0.1, 0.1, { fillValue: 0 }],
  randomZoom: [0.1, 0.1, { fillValue: 0 }],
  readImageHeader: [file],
  readPicture: [pixels, {}],
  readsDigits: [{ labels: ["0"], preprocessing: grey }],
  requirePreprocessing: [grey, "owner"],
  resize: [[2, 2], { antialias: true }],
  resizePixels: [pixels, [2, 2], { antialias: true }],
  scaleLevels: [new Uint8Array(2), 0.5, new Float32Array(4), 1],
  trivialAugment: [],
};

const functions = Object.entries(images).filter(([, value]) => typeof value === "function");

describe("odd values", () => {
  test.for(functions)("%s", async ([name, exported]) => {
    const call = exported as unknown as (...parameters: readonly unknown[]) => unknown;
    const parameters = working[name];
    if (parameters === undefined) throw new Error(`${name} needs its line in this test`);
    await call(...parameters);
    for (const index of parameters.keys()) {
      for (const odd of oddValues) {
        const replaced = parameters.map((parameter, place) => (place === index ? odd : parameter));
        await expectOwnErrors(`${name}, argument ${index} ${describeValue(odd)}`, () => call(...replaced));
      }
    }
  });
});
