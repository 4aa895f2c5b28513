import { expect, test } from "vitest";
import { readBlob } from "./read-blob.ts";

test("bytes that are no picture are told with what is read on this platform, TIFF among it", async () => {
  const reading = { owner: "test", limit: 100, orientation: "exif" } as const;
  await expect(readBlob(new Blob(["not a picture"]), reading)).rejects.toThrow(
    /a picture \(PNG, JPEG, WebP, GIF, BMP, AVIF, TIFF or SVG\), found something else/,
  );
});
