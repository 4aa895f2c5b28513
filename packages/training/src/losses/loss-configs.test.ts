import { Option } from "@featuremap/tensor";
import type { Tensor } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import * as training from "../index.ts";
import { expectConfig, expectRefusal, typeOf } from "../testing/expect-config.ts";
import golden from "./loss-configs.golden.json" with { type: "json" };

const { BinaryCrossentropy, FunctionLoss, Huber, Loss, MeanSquaredError } = training;

describe("configs of losses", () => {
  test.for(golden.cases)("$name with $options has Keras's config, and comes back from it", (kind) => {
    expectConfig(typeOf(training, kind.name), kind.options, { ...kind.config, ...kind.forgotten });
    expect(typeOf(training, kind.name).fromConfig(kind.config).getConfig()).toMatchObject(kind.config);
  });

  test("every loss that Keras has is compared", () => {
    const losses = Object.entries<unknown>(training).flatMap(([name, type]) =>
      typeof type === "function" && type.prototype instanceof Loss ? [name] : [],
    );
    expect(new Set([...golden.cases.map(({ name }) => name), "FunctionLoss"])).toEqual(new Set(losses));
  });

  test("one of Keras's metric of that name is read too", () => {
    const metric = { name: "binary_crossentropy", dtype: "float32", from_logits: true, label_smoothing: 0 };
    expect(training.BinaryCrossentropy.fromConfig(metric)).toMatchObject({ fromLogits: true });
    expect(() => training.BinaryCrossentropy.fromConfig({ ...metric, dtype: "float16" })).toThrow("dtype must be");
  });

  test("Keras's None is the reduction none", () => {
    expect(Huber.fromConfig({ reduction: null }).getConfig()).toMatchObject({ reduction: "none" });
  });

  test("a function stays out of the config, without which there is no loss", () => {
    const loss = new FunctionLoss({ fn: (target) => target, reduction: "sum" });
    expect(loss.getConfig()).toEqual({ name: "fn", reduction: "sum" });
    expectRefusal(FunctionLoss, loss.getConfig(), "fn", "FunctionLoss: fn must be a function, received undefined");
  });
});

test.for([
  [
    { label_smoothing: "x" },
    "label_smoothing",
    '^BinaryCrossentropy: label_smoothing must be a finite number, rec.*"x"',
  ],
  [{ label_smoothing: 2 }, "labelSmoothing", "^BinaryCrossentropy: labelSmoothing must be in \\[0, 1\\], received 2"],
  [
    { label_smooth: 0.1 },
    "options",
    '^BinaryCrossentropy: options must be .*did you mean label_smoothing.*"label_smooth"',
  ],
  [{ fromLogits: true }, "options", "did you mean from_logits"],
  [{ from_logits: null }, "from_logits", "must be true or false, received null"],
  [{ axis: 0.5 }, "axis", "^BinaryCrossentropy: axis must be an integer, received 0.5"],
  [{ reduction: "average" }, "reduction", "one of sumOverBatchSize, sum, mean"],
  [{ reduction: 3 }, "reduction", "one of sumOverBatchSize, sum, mean"],
  [{ name: 3 }, "name", "text"],
  [[], "options", "an object"],
] as const)("BinaryCrossentropy refuses the config %j", ([config, option, message]) => {
  expectRefusal(BinaryCrossentropy, config, option, new RegExp(message));
});

test.for([
  [() => new Huber({ delta: null } as object), { delta: 1 }],
  [() => new training.CategoricalFocalCrossentropy({ alpha: null } as object), { alpha: [0.25] }],
  [() => new training.SparseCategoricalCrossentropy({ ignoreClass: null }), { axis: -1 }],
] as const)("%s: null stands for the default", ([make, values]) => {
  expect(make()).toMatchObject(values);
});

test.each([training.CategoricalCrossentropy, training.CosineSimilarity, training.SparseCategoricalCrossentropy])(
  "$name refuses null as the axis, by which Keras means all axes",
  (type) => {
    expect(() => new type({ axis: null } as object)).toThrow("axis must be an integer, received null");
  },
);

test("a list of weights is the loss's own", () => {
  const alpha = [0.5, 0.5];
  const loss = new training.CategoricalFocalCrossentropy({ alpha });
  alpha[0] = 7;
  expect([loss.alpha, loss.getConfig()["alpha"]]).toEqual([
    [0.5, 0.5],
    [0.5, 0.5],
  ]);
});

describe("a loss of one's own", () => {
  class Renamed extends MeanSquaredError {
    static override readonly className: string = "Renamed";
  }
  class Undeclared extends Loss {
    static override readonly className: string = "Undeclared";
    override call(target: Tensor): Tensor {
      return target;
    }
    override checkTarget(): void {}
  }
  class Declared extends Undeclared {
    static override readonly className: string = "Declared";
    static override readonly options = { ...training.lossOptions, pace: Option.integer().default(3) };
    readonly pace: number;

    constructor(config: training.LossConfig & { readonly pace?: number } = {}) {
      super(config);
      this.pace = this.settle(config, Declared.options).pace;
    }
  }
  class Nameless extends Loss {
    override call(target: Tensor): Tensor {
      return target;
    }
    override checkTarget(): void {}
  }

  test("keeps the key in logs of the loss that it extends, and its own name in errors", () => {
    expect(new Renamed().name).toBe("mean_squared_error");
    expect(() => new Renamed({ reductoin: "sum" } as object)).toThrow(/^Renamed: .*did you mean reduction/);
    expect(Renamed.fromConfig({ reduction: "sum" })).toBeInstanceOf(Renamed);
  });

  test("declares its options as those here do", () => {
    expect(Declared.fromConfig({ pace: 5 })).toMatchObject({ pace: 5, name: "declared" });
    expect(new Declared().getConfig()).toEqual({ name: "declared", reduction: "sum_over_batch_size", pace: 3 });
    expect(() => new Declared({ pace: 0.5 })).toThrow("Declared: pace must be an integer of at least 1, received 0.5");
  });

  test("without declared options it takes any, and has a config of those that all have", () => {
    expect(new Undeclared({ anything: 1 } as object).getConfig()).toEqual({
      name: "undeclared",
      reduction: "sum_over_batch_size",
    });
    expect(new Nameless().name).toBe("own_loss");
    expect(() => Undeclared.fromConfig({})).toThrow("static options must be declared");
  });
});
