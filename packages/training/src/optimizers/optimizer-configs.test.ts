import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { Option } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import * as training from "../index.ts";
import { expectConfig, expectRefusal, typeOf } from "../testing/expect-config.ts";
import golden from "./optimizer-configs.golden.json" with { type: "json" };

const { Adam, AdamW, CosineDecay, OneCycle, SGD, Warmup } = training;

useBackend(allowSavedTensors);

describe("configs of optimizers", () => {
  test.for(golden.cases)("$name with $options has Keras's config, and comes back from it", (kind) => {
    expectConfig(typeOf(training, kind.name), kind.options, kind.config);
  });

  test.for(golden.scheduled)("a $schedule with $options is held as in Keras", ({ schedule, options, config }) => {
    const learningRate = new (typeOf(training, schedule))(options as never);
    expectConfig(SGD, { learningRate }, config);
  });

  test("schedules that Keras does not have are held as a user's own", () => {
    const cycle = new OneCycle({ maxLearningRate: 0.1, totalSteps: 20 });
    const optimizer = new SGD({ learningRate: new Warmup({ learningRate: cycle, warmupSteps: 3 }) });
    const held = { module: null, class_name: "OneCycle", config: cycle.getConfig(), registered_name: "OneCycle" };
    expect(optimizer.getConfig()["learning_rate"]).toMatchObject({
      class_name: "Warmup",
      config: { learning_rate: held },
    });
    expect(SGD.fromConfig(optimizer.getConfig()).schedule).toEqual(optimizer.schedule);
  });

  test("a config has the learning rate of now", () => {
    const optimizer = new Adam({ learningRate: 0.5, beta1: 0.8 });
    optimizer.learningRate = 0.25;
    expect(Adam.fromConfig(optimizer.getConfig())).toMatchObject({ learningRate: 0.25, beta1: 0.8 });
  });

  test("keys that are absent have their defaults", () => {
    expect(AdamW.fromConfig({}).getConfig()).toEqual(new AdamW().getConfig());
  });
});

test.for([
  [{ beta_1: "x" }, "beta_1", '^Adam: beta_1 must be a finite number, received "x"'],
  [{ beta_1: 1 }, "beta1", "^Adam: beta1 must be in \\[0, 1\\), received 1"],
  [{ beta_3: 0.9 }, "options", '^Adam: options must be .*did you mean beta_1.*received "beta_3"'],
  [{ beta1: 0.9 }, "options", "did you mean beta_1"],
  [{ use_ema: null }, "use_ema", "^Adam: use_ema must be true or false, received null"],
  [{ loss_scale_factor: 2 }, "loss_scale_factor", "^Adam: loss_scale_factor must be null, received 2"],
  [{ name: 3 }, "name", "text"],
  [{ learning_rate: null }, "learning_rate", "class_name among CosineDecay, .*Warmup, received null"],
  [{ learning_rate: { class_name: "Mine", config: {} } }, "learning_rate", "class_name among CosineDecay"],
  [{ learning_rate: { class_name: "CosineDecay", config: {} } }, "initialLearningRate", "^CosineDecay: "],
  [[], "options", "an object"],
] as const)("Adam refuses the config %j", ([config, option, message]) => {
  expectRefusal(Adam, config, option, new RegExp(message));
});

describe("an optimizer of one's own", () => {
  class Slow extends SGD {
    static override readonly className: string = "Slow";
  }
  class Declared extends training.Optimizer<never> {
    static override readonly className: string = "Declared";
    static override readonly options = { ...training.optimizerOptions, pace: Option.integer().default(3) };
    readonly pace: number;
    protected override readonly slotNames: readonly never[] = [];

    constructor(config: training.OptimizerConfig & { readonly pace?: number }) {
      super(config);
      this.pace = this.settle(config, Declared.options).pace;
    }

    protected override update(): void {}
  }
  class Undeclared extends training.Optimizer<never> {
    protected override readonly slotNames: readonly never[] = [];
    protected override update(): void {}
  }

  test("goes by its own name, with the options that it inherits", () => {
    expect(new Slow({ momentum: 0.5 }).getConfig()).toMatchObject({ name: "slow", momentum: 0.5 });
    expect(Slow.fromConfig({ momentum: 0.5 })).toBeInstanceOf(Slow);
    expect(() => new Slow({ momentun: 0.5 } as object)).toThrow(/^Slow: .*did you mean momentum/);
  });

  test("declares its options as those here do", () => {
    const { pace, learningRate } = Declared.fromConfig({ learning_rate: 1, pace: 5 });
    expect([pace, learningRate]).toEqual([5, 1]);
    expect(new Declared({ learningRate: 1 }).getConfig()).toMatchObject({ name: "declared", pace: 3 });
    expect(() => new Declared({ learningRate: 1, pace: 0.5 })).toThrow("an integer of at least 1");
  });

  test("without declared options it takes any, and has a config of those that all have", () => {
    const optimizer = new Undeclared({ learningRate: new CosineDecay({ initialLearningRate: 1, decaySteps: 2 }) });
    expect(optimizer.getConfig()).toMatchObject({ name: "optimizer", use_ema: false });
    expect(() => Undeclared.fromConfig({})).toThrow("static options must be declared");
  });
});

test("an option that an optimizer of one's own does not settle is not lost in silence", () => {
  class Paced extends SGD {
    static override readonly className: string = "Paced";
    static override readonly options: typeof SGD.options & { readonly pace: Option<number> } = {
      ...SGD.options,
      pace: Option.number(),
    };
  }
  expect(() => new Paced().getConfig()).toThrow("Paced: getConfig must be the class's own, or its options settled");
});
