import { readFileSync } from "node:fs";
import { Dense, type DenseConfig } from "@featuremap/layers";
import { expect, test } from "vitest";

interface Group {
  readonly texts?: Readonly<Record<string, string>>;
}

const { groups } = JSON.parse(readFileSync(new URL("keras-symbols.json", import.meta.url), "utf8")) as {
  readonly groups: Readonly<Record<string, Group>>;
};

const options = {
  Initializers: "kernelInitializer",
  Regularizers: "kernelRegularizer",
  Constraints: "kernelConstraint",
} as const;

const notHere = new Set(["stft"]);

const cases = Object.entries(options).flatMap(([group, option]) =>
  Object.entries(groups[group]?.texts ?? {})
    .filter(([text]) => !notHere.has(text))
    .map(([text, name]) => ({ option, text, name })),
);

test("Keras has texts for each kind", () => {
  expect(new Set(cases.map(({ option }) => option)).size).toBe(3);
  expect(cases.length).toBeGreaterThan(25);
});

test.for(cases)("$option: $text makes Keras's $name", ({ option, text, name }) => {
  const camelCase = text.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  for (const spelling of [text, camelCase]) {
    const config = { units: 1, [option]: spelling } as DenseConfig;
    const written = option.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    expect(new Dense(config).getConfig()[written]).toHaveProperty("class_name", name);
  }
});
