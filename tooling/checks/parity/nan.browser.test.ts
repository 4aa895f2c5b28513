import { fileURLToPath } from "node:url";
import { launchChromium } from "@featuremap/testing/chromium";
import { type ScriptPage, bundleScript, openScriptPage } from "@featuremap/testing/script-page";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parityCases } from "./fixtures.ts";
import { type NanPlaces, fusedCases, takesNan } from "./nan-case.ts";

declare function runNanCase(text: string): Promise<Readonly<Record<"cpu" | "webgpu", NanPlaces[]>>>;

let browser: Browser;
let opened: ScriptPage;

beforeAll(async () => {
  browser = await launchChromium();
  const script = await bundleScript(fileURLToPath(new URL("./parity.page.ts", import.meta.url)), { sources: true });
  opened = await openScriptPage(browser, script, "runNanCase");
});
afterAll(() => browser.close());

const cases = [...parityCases.filter(takesNan), ...fusedCases];

describe("WebGPU gives NaN where TensorFlow.js's cpu backend does", () => {
  let seen = 0;

  test.each(cases.map((entry) => [entry.fixture, entry.name, entry] as const))(
    "%s: %s",
    async (_fixture, _case, entry) => {
      const places = await opened.page.evaluate((text) => runNanCase(text), JSON.stringify(entry));
      const { cpu: wanted, webgpu: found } = places;
      seen += wanted.filter(({ arrays }) => arrays.flat().includes(true)).length;
      expect(found.map(({ put, error }) => ({ put, error }))).toEqual(wanted.map(({ put, error }) => ({ put, error })));
      expect(lost(found, wanted)).toEqual([]);
    },
  );

  test("in at least 1000 computations that give any", () => {
    expect(seen).toBeGreaterThan(1000);
  });
});

/** Each NaN that must be there and is not. */
function lost(found: readonly NanPlaces[], wanted: readonly NanPlaces[]): string[] {
  return wanted.flatMap(({ put, arrays }, index) =>
    arrays.flatMap((array, output) => {
      const missing = array.flatMap((isNan, place) =>
        isNan && found[index]?.arrays[output]?.[place] !== true ? [place] : [],
      );
      return missing.length === 0 ? [] : [`NaN in ${put}: array ${output} has none at ${missing.slice(0, 5).join()}`];
    }),
  );
}
