import { encodeKerasWeights } from "@featuremap/formats/keras";
import { fingerprintOf } from "@featuremap/tensor";
import type { Model } from "@featuremap/layers";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MobileNetV2, findApplication } from "../index.ts";

const options = { alpha: 0.35, includeTop: false, inputShape: [32, 32, 3] } as const;

const printOf = async (model: Model): Promise<string> =>
  fingerprintOf((await model.getWeights()).map(({ data }) => data));

test("a network takes the weights of a file of Keras", async () => {
  const weights = await encodeKerasWeights(MobileNetV2({ ...options, seed: 1 }));
  const loaded = await MobileNetV2.load({ ...options, weights });
  expect(await printOf(loaded)).toBe(await printOf(MobileNetV2({ ...options, seed: 1 })));
  await expect(MobileNetV2.load({ ...options, alpha: 0.5, weights })).rejects.toMatchObject({ code: "INVALID_FORMAT" });
});

test("what is no location, or not there, is refused", async () => {
  await expect(MobileNetV2.load({ ...options, weights: 3 as never })).rejects.toMatchObject({ code: "INVALID_CONFIG" });
  await expect(MobileNetV2.load({ ...options, weights: "none.h5" })).rejects.toMatchObject({ code: "UNAVAILABLE" });
  await expect(MobileNetV2.load({ ...options, alpha: -1, weights: "none.h5" })).rejects.toMatchObject({
    option: "alpha",
  });
});

const misspelt = /did you mean mirror/;
test.for<[object, string, RegExp]>([
  [{ weights: "x.h5", miror: "x" }, "options", misspelt],
  [{ weights: "x.h5", wieghts: "x" }, "options", /did you mean weights/],
  [{ weights: null }, "weights", /for random ones call MobileNetV2\(\) without them/],
  [{ weights: "imagnet" }, "weights", /did you mean "imagenet"\?/],
  [{ weights: "ImageNet" }, "weights", /did you mean "imagenet"\?/],
  [{ weights: "imagenet", limits: { weightsBytes: 1 } }, "limits", /left out/],
])("load refuses %j in words that help", async ([wrong, option, message]) => {
  const error: unknown = await MobileNetV2.load(wrong).catch((cause: unknown) => cause);
  expect(error).toMatchObject({ option, message: expect.stringMatching(message) });
});

test("whoever gives weights where a network is made hears of load", async () => {
  const build = (wrong: object) => (): unknown => MobileNetV2(wrong);
  expect(build({ weights: "imagenet" })).toThrow('await MobileNetV2.load({ weights: "imagenet" })');
  expect(build({ includeTop: false, signal: AbortSignal.abort() })).toThrow("await MobileNetV2.load({ signal: ... })");
  expect(build({ weights: null, alpha: 0.35, includeTop: false, inputShape: [32, 32, 3] })).not.toThrow();
  const application = findApplication("mobilenet-v2");
  const wrong = { classes: 2, weights: "imagenet" };
  expect(() => application.build(wrong)).toThrow('await findApplication("mobilenet-v2").load({ weights: "imagenet" })');
  await expect(application.load?.({ classes: 2, miror: "x" } as object)).rejects.toThrow(misspelt);
});

test("the signal ends it, before and while a file is read", async () => {
  const weights = await encodeKerasWeights(MobileNetV2({ ...options, seed: 1 }));
  const aborted = { ...options, weights, signal: AbortSignal.abort() };
  await expect(MobileNetV2.load(aborted)).rejects.toMatchObject({ code: "ABORTED" });
  const controller = new AbortController();
  const loading = MobileNetV2.load({ ...options, weights, signal: controller.signal });
  controller.abort();
  await expect(loading).rejects.toMatchObject({ code: "ABORTED" });
});

describe("an address", () => {
  let server: Server;
  let sent = 0;
  beforeAll(async () => {
    server = createServer((_, response) => {
      const chunk = Buffer.alloc(2 ** 20);
      const more = (): void => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length;
      };
      response.on("drain", more);
      more();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test("that sends without end is left once it has sent more than the network can need", async () => {
    const weights = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.h5`;
    const most = 16 * MobileNetV2(options).countParams() + 2 ** 26;
    const message = `at most ${most} bytes (limits.weightsBytes)`;
    await expect(MobileNetV2.load({ ...options, weights })).rejects.toThrow(message);
    expect(sent).toBeLessThan(2 * most);
    const limits = { weightsBytes: 2 ** 20 };
    await expect(MobileNetV2.load({ ...options, weights, limits })).rejects.toThrow("at most 1048576 bytes");
  });
});
