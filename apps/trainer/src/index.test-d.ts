import { expectTypeOf, test } from "vitest";
import { type FeaturemapConfig, defineConfig } from "./index.ts";
import type { Invocation } from "./commands/invocation.ts";
import type { OptionValues } from "./options/option.ts";
import type { learningOptions } from "./options/commands/training.ts";

test("a config is typed by what is declared", () => {
  defineConfig({
    device: "wasm",
    train: { data: "mnist", epochs: 3, threads: undefined },
    bench: { work: "infer", kernels: true },
    predict: { images: ["a.png"], outputs: "logits" },
    serve: { allowedHosts: [".example.org"] },
    summary: {},
    data: { info: { imageSize: 64 } },
  });
  // @ts-expect-error -- misspelt
  defineConfig({ train: { epoch: 3 } });
  // @ts-expect-error -- of another kind
  defineConfig({ train: { epochs: "3" } });
  // @ts-expect-error -- none of the choices
  defineConfig({ device: "gpu" });
  // @ts-expect-error -- none of the words
  defineConfig({ bench: { work: "fly" } });
  // @ts-expect-error -- misspelt below a subject
  defineConfig({ data: { info: { imagesize: 64 } } });
  // @ts-expect-error -- no such command
  defineConfig({ data: { fly: {} } });
  // @ts-expect-error -- of some commands only
  defineConfig({ epochs: 3 });
  expectTypeOf<NonNullable<FeaturemapConfig["serve"]>["port"]>().toEqualTypeOf<number | undefined>();
});

test("a command gets what is declared, and never nothing where there is a default", () => {
  type Bench = Invocation<"bench">["options"];
  expectTypeOf<Bench["network"]>().toEqualTypeOf<"n1" | "n3">();
  expectTypeOf<Bench["rounds"]>().toEqualTypeOf<number>();
  expectTypeOf<Bench["kernels"]>().toEqualTypeOf<boolean>();
  expectTypeOf<Bench["threads"]>().toEqualTypeOf<number | undefined>();
  expectTypeOf<Invocation<"serve">["options"]["allowedHosts"]>().toEqualTypeOf<readonly string[] | undefined>();
  type Learning = OptionValues<typeof learningOptions>;
  expectTypeOf<Learning["batchSize"]>().toEqualTypeOf<number | "auto" | undefined>();
  expectTypeOf<Learning["time"]>().toEqualTypeOf<number | undefined>();
  expectTypeOf<Learning["schedule"]>().toEqualTypeOf<"constant" | "cosine" | "one-cycle" | "plateau" | undefined>();
});
