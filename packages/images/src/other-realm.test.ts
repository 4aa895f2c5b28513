import { ofOtherRealm } from "@featuremap/testing/other-realm";
import sharp from "sharp";
import { expect, test } from "vitest";
import { decodeImage, plainPreprocessing, preprocessPixels, readImageHeader } from "./index.ts";

test.for(["jpeg", "png", "webp", "avif", "tiff", "gif"] as const)(
  "a %s as bytes of another realm is read",
  async (format) => {
    const file = await sharp({ create: { width: 5, height: 3, channels: 3, background: "teal" } })
      .toFormat(format)
      .toBuffer();
    const other = ofOtherRealm(new Uint8Array(file));
    expect(readImageHeader(other)).toEqual(readImageHeader(file));
    expect(await decodeImage(other)).toEqual(await decodeImage(file));
  },
);

test("pixels of another realm are pixels", () => {
  const data = Uint8ClampedArray.from({ length: 16 }, (_, index) => index * 9);
  const preprocessing = plainPreprocessing([2, 2], "rgb");
  const [expected, found] = [data, ofOtherRealm(data)].map((each) =>
    preprocessPixels({ data: each, width: 2, height: 2 }, preprocessing),
  );
  expect(found).toEqual(expected);
});
