import { expect, test } from "vitest";
import { plainPreprocessing } from "../preprocessing/preprocessing.ts";
import { readsDigits } from "./reads-digits.ts";

const grey = plainPreprocessing([28, 28], "grayscale", 1 / 255);
const digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

test.for([
  ["the ten digits", { preprocessing: grey, labels: digits }, true],
  ["some digits, in any order", { preprocessing: grey, labels: ["7", "1"] }, true],
  ["clothes", { preprocessing: grey, labels: ["T-shirt", "Trouser"] }, false],
  ["more numbers than digits", { preprocessing: grey, labels: [...digits, "10"] }, false],
  ["one name for all", { preprocessing: grey, labels: ["0", "0"] }, false],
  ["one class", { preprocessing: grey, labels: ["0"] }, false],
  ["colours", { preprocessing: plainPreprocessing([28, 28], "rgb"), labels: digits }, false],
  ["another size", { preprocessing: plainPreprocessing([32, 28], "grayscale"), labels: digits }, false],
] as const)("of %s", ([, model, expected]) => {
  expect(readsDigits(model)).toBe(expected);
});
