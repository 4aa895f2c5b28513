import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { openDevice } from "@featuremap/devices";
import { importModel } from "@featuremap/formats/any";
import { encodeTfjs } from "@featuremap/formats/tfjs";
import { Dense, Flatten, Sequential } from "@featuremap/layers";
import { launchChromium } from "@featuremap/testing/chromium";
import { type ScriptPage, bundleScript, openScriptPage } from "@featuremap/testing/script-page";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answerOf } from "./foreign-models.answer.ts";
import type { OpenedModel } from "./foreign-models.page.ts";

declare function openModelInPage(files: Readonly<Record<string, string>>): Promise<OpenedModel>;

let browser: Browser;
let opened: ScriptPage;

beforeAll(async () => {
  browser = await launchChromium();
  const entry = fileURLToPath(new URL("./foreign-models.page.ts", import.meta.url));
  opened = await openScriptPage(browser, await bundleScript(entry), "openModelInPage");
});
afterAll(() => browser?.close());

async function layersModel(): Promise<ReadonlyMap<string, Uint8Array>> {
  const model = new Sequential([new Flatten({ inputShape: [4, 4, 1] }), new Dense({ units: 3 })], { seed: 1 });
  const files = await encodeTfjs(model);
  model.dispose();
  return files;
}

/** Files of other programs, which they themselves have written. */
const fixtures = new URL("../../../packages/formats/src/", import.meta.url);
const fixture = async (path: string): Promise<ReadonlyMap<string, Uint8Array>> =>
  new Map([[path.slice(path.lastIndexOf("/") + 1), await readFile(new URL(path, fixtures))]]);

test.for([
  ["a .keras file of Keras", "keras", () => fixture("keras/fixtures/trained.keras")],
  ["an .h5 file of Keras", "keras", () => fixture("keras/fixtures/trained.h5")],
  ["an ONNX file of PyTorch", "onnx", () => fixture("onnx/fixtures/mobile-script.onnx")],
  ["an ONNX file of Keras", "onnx", () => fixture("onnx/fixtures/keras.onnx")],
  ["a layers-model of TensorFlow.js", "tfjs", layersModel],
] as const)("a page opens %s that is dropped on it, and computes as Node does", async ([, format, read]) => {
  const files = await read();
  const given = Object.fromEntries([...files].map(([name, bytes]) => [name, Buffer.from(bytes).toString("base64")]));
  const { format: found, answer } = await opened.page.evaluate((content) => openModelInPage(content), given);
  expect(found).toBe(format);
  const device = await openDevice("wasm", { threads: 1 });
  const { model } = await importModel(new Map(files));
  const expected = await answerOf(model);
  model.dispose();
  await device.dispose();
  expect(answer).toHaveLength(expected.length);
  answer.forEach((value, index) => expect(value).toBeCloseTo(expected[index] ?? Number.NaN, 5));
  expect(opened.errors).toEqual([]);
});
