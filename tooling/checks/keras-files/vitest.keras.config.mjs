import shared from "@featuremap/testing/vitest";

/** What `tooling/fixtures/formats/keras_exchange.py` runs on files that the real Keras has written, and writes files for. */
export default {
  ...shared,
  test: { ...shared.test, include: ["keras-files/*.keras.test.ts"], exclude: ["**/node_modules/**"] },
};
