import { expect, test } from "vitest";
import { chooseNetwork } from "./choose-network.ts";

test.for([
  [{ imageSize: 28, images: 60_000 }, "small"],
  [{ imageSize: 32, images: 50_000 }, "small"],
  [{ imageSize: 64, images: 99_999 }, "small"],
  [{ imageSize: 64, images: 100_000 }, "resnet"],
  [{ imageSize: 180, images: 3_670 }, "small"],
  [{ imageSize: 224, images: 5_000 }, "mobile"],
] as const)("%j: %s", ([pictures, name]) => {
  const { network, reason } = chooseNetwork(pictures);
  expect(network.name).toBe(name);
  expect(reason).toMatch(/\d/);
});

test("refuses what is not a number of pictures or pixels", () => {
  for (const images of [0, -1, 2.5, "7", undefined]) {
    expect(() => chooseNetwork({ imageSize: 32, images: images as number })).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "images" }),
    );
  }
  expect(() => chooseNetwork({ imageSize: 0, images: 1 })).toThrow(expect.objectContaining({ option: "imageSize" }));
  expect(() => chooseNetwork({ size: 32, images: 1 } as never)).toThrow(expect.objectContaining({ option: "options" }));
});
