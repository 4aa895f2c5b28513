import { useBackend } from "@featuremap/testing/backend";
import { describe, test } from "vitest";
import { backboneCases, checkBackbone } from "../testing/backbone-case.ts";

useBackend();

describe.for(Object.entries(backboneCases))("%s, as Keras has it", ([name, cases]) => {
  test.for(cases)("$options", (expected) => {
    checkBackbone(name, expected, true);
  });
});
