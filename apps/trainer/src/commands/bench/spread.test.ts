import { expect, test } from "vitest";
import { spreadOf } from "./spread.ts";

test.for([
  [[3], { median: 3, lowest: 3, highest: 3 }],
  [[10, 2, 9], { median: 9, lowest: 2, highest: 10 }],
  [[4, 1, 3, 2], { median: 2.5, lowest: 1, highest: 4 }],
] as const)("the spread of %j", ([values, spread]) => {
  expect(spreadOf(values)).toEqual(spread);
});
