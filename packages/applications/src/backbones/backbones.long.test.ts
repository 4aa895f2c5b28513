import { openDevice } from "@featuremap/devices";
import { useBackend } from "@featuremap/testing/backend";
import { describe, test } from "vitest";
import { backboneCases, checkBackbone } from "../testing/backbone-case.ts";

// Whose kernels are many times faster than those of the reference.
useBackend(() => openDevice("wasm"));

describe.for(Object.entries(backboneCases))("%s, as Keras has it", ([name, cases]) => {
  test.for(cases)("$options", (expected) => {
    checkBackbone(name, expected, true);
  });
});
