import { crc32, deflateSync } from "node:zlib";
import { encodeBundle } from "@featuremap/formats";
import { plainPreprocessing } from "@featuremap/images";
import { expect, test } from "vitest";
import { loadClassifier } from "./load-classifier.ts";
import { copyingLabels, copyingModel } from "./testing/small-bundle.ts";

/** A grey PNG of 2 x 2, white in its first pixel, which says that it is to be turned to the right. */
function turnedPng(): Blob {
  const chunk = (kind: string, data: readonly number[] | Uint8Array): Buffer => {
    const body = Buffer.concat([Buffer.from(kind), Buffer.from(data)]);
    const numbers = Buffer.alloc(8);
    numbers.writeUInt32BE(data.length, 0);
    numbers.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([numbers.subarray(0, 4), body, numbers.subarray(4)]);
  };
  const exif = Buffer.from("MM\0*\0\0\0\u0008\0\u0001\u0001\u0012\0\u0003\0\0\0\u0001\0\u0006\0\0\0\0\0\0", "latin1");
  const chunks = [
    chunk("IHDR", [0, 0, 0, 2, 0, 0, 0, 2, 8, 0, 0, 0, 0]),
    chunk("eXIf", exif),
    chunk("IDAT", deflateSync(Buffer.from([0, 255, 0, 0, 0, 0]))),
    chunk("IEND", []),
  ];
  return new Blob([Uint8Array.from(Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), ...chunks]))]);
}

test.for([
  [undefined, "north-east"],
  ["exif", "north-east"],
  ["stored", "north-west"],
] as const)("a file is taken as the bundle says, %s: the white pixel is %s", async ([orientation, label]) => {
  const plain = plainPreprocessing([2, 2], "grayscale");
  const preprocessing = orientation === undefined ? plain : { ...plain, orientation };
  const bundle = await encodeBundle(copyingModel("softmax"), { preprocessing, labels: copyingLabels });
  const classifier = await loadClassifier(bundle, { device: "cpu" });
  const { predictions } = await classifier.classify(turnedPng(), { topK: 1 });
  expect(predictions[0]?.label).toBe(label);
  classifier.dispose();
});
