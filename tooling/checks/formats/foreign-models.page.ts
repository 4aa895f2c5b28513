import { openDevice } from "@featuremap/devices";
import { importModel } from "@featuremap/formats/any";
import { answerOf } from "./foreign-models.answer.ts";

/** What a page makes of a file that was dropped on it. */
export interface OpenedModel {
  readonly format: string;
  readonly answer: readonly number[];
}

/** Opens files that are given as base64 by their names, and computes with the model. */
async function openModelInPage(files: Readonly<Record<string, string>>): Promise<OpenedModel> {
  const device = await openDevice("wasm", { threads: 1 });
  try {
    const chosen = Object.entries(files).map(
      ([name, base64]) => new File([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))], name),
    );
    const { model, format } = await importModel(chosen);
    const answer = await answerOf(model);
    model.dispose();
    return { format, answer };
  } finally {
    await device.dispose();
  }
}

Object.assign(globalThis, { openModelInPage });
