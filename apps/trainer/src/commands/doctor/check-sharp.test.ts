import { UnavailableError } from "@featuremap/tensor";
import { expect, test } from "vitest";
import { checkSharp } from "./check-sharp.ts";

test("sharp is a problem only where it cannot be loaded", async () => {
  expect(await checkSharp()).toEqual([]);
  const gone = (): Promise<unknown> => Promise.reject(new UnavailableError("It is not there", "Install it."));
  expect(await checkSharp(gone)).toMatchObject([{ status: "problem", text: "It is not there. Install it." }]);
});
