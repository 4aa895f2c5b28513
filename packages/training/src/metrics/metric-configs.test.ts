import { type FixedShape, Option } from "@featuremap/tensor";
import { type Tensor, zeros } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import * as training from "../index.ts";
import { expectConfig, expectRefusal, typeOf } from "../testing/expect-config.ts";
import golden from "./metric-configs.golden.json" with { type: "json" };

const { AUC, BinaryAccuracy, ConfusionMatrix, FunctionLoss, Huber, MeanLoss, Metric, Precision, TruePositives } =
  training;

describe("configs of metrics", () => {
  test.for(golden.cases)("$name with $options has Keras's config, and comes back from it", (kind) => {
    expectConfig(typeOf(training, kind.name), kind.options, { ...kind.config, ...kind.forgotten });
    expect(typeOf(training, kind.name).fromConfig(kind.config).getConfig()).toMatchObject(kind.config);
  });

  test("every metric that Keras has is compared", () => {
    const metrics = Object.entries<unknown>(training).flatMap(([name, type]) =>
      typeof type === "function" && type.prototype instanceof Metric ? [name] : [],
    );
    const others = ["ConfusionMatrix", "MeanLoss"];
    expect(new Set([...golden.cases.map(({ name }) => name), ...others])).toEqual(new Set(metrics));
  });

  test("those that Keras does not have come back too", () => {
    expect(new ConfusionMatrix().getConfig()).toEqual({ name: "confusion_matrix", dtype: "float32", threshold: 0.5 });
    const weighted = { multiLabel: true, labelWeights: [1, 2], name: "mine" };
    const mean = { loss: new Huber({ delta: 2, name: "far" }) };
    for (const made of [
      new ConfusionMatrix({ threshold: 0.25, name: "mine" }),
      new AUC(weighted),
      new MeanLoss(mean),
      new MeanLoss({ ...mean, direction: "up", name: "mine" }),
      new MeanLoss({ ...mean, direction: undefined }),
    ]) {
      const type = made.constructor as typeof ConfusionMatrix;
      expect(type.fromConfig(JSON.parse(JSON.stringify(made.getConfig())) as object)).toEqual(made);
    }
    expect(new MeanLoss(mean).getConfig()["loss"]).toEqual({
      module: "keras.losses",
      class_name: "Huber",
      config: { delta: 2, name: "far", reduction: "sum_over_batch_size" },
      registered_name: null,
    });
  });

  test("a function has no place in a config", () => {
    const metric = new MeanLoss({ loss: new FunctionLoss({ fn: (target) => target }) });
    expectRefusal(MeanLoss, metric.getConfig(), "loss", "class_name among BinaryCrossentropy, ");
  });
});

test.for([
  [{ thresholds: "x" }, "thresholds", '^Precision: thresholds must be a finite number, received "x"'],
  [{ thresholds: [0.5, 2] }, "thresholds", "^Precision: thresholds must be in \\[0, 1\\], received \\[0.5, 2\\]"],
  [{ thresholds: [] }, "thresholds", "in \\[0, 1\\]"],
  [{ top_k: 0 }, "topK", "^Precision: topK must be an integer of at least 1, received 0"],
  [{ class_id: 0.5 }, "classId", "an integer, received 0.5"],
  [{ threshold: 0.5 }, "options", 'did you mean thresholds.*received "threshold"'],
  [{ dtype: "float64" }, "dtype", "float32"],
  [{ name: 3 }, "name", "text"],
  [[], "options", "an object"],
] as const)("Precision refuses the config %j", ([config, option, message]) => {
  expectRefusal(Precision, config, option, new RegExp(message));
});

test("a count takes thresholds alone, as Keras's does", () => {
  expect(() => new TruePositives({ topK: 2 } as object)).toThrow(
    "TruePositives: options must be among thresholds, name",
  );
});

test("a metric is not made of a text that is not its options", () => {
  expect(() => Reflect.construct(training.Accuracy, ["mine"]) as unknown).toThrow(
    'Accuracy: options must be an object, as { name: "mine" }',
  );
});

describe("a metric of one's own", () => {
  class Renamed extends BinaryAccuracy {
    static override readonly className: string = "Renamed";
  }
  abstract class Own extends Metric {
    static override readonly className: string = "Own";
    override length(): number {
      return 1;
    }
    override measure(): Tensor {
      return zeros([1]);
    }
    override count([batch = 0]: FixedShape): number {
      return batch;
    }
    override result(): number {
      return 0;
    }
  }
  class Named extends Own {
    constructor() {
      super("bias", undefined);
    }
  }
  class Declared extends Own {
    static override readonly className: string = "Declared";
    static override readonly options = { pace: Option.integer().default(3), ...training.metricOptions };
    readonly pace: number;

    constructor(config: training.MetricConfig & { readonly pace?: number } = {}) {
      super(config, "up");
      this.pace = this.settle(config, Declared.options).pace;
    }
  }

  test("keeps the key in logs of the metric that it extends, and its own name in errors", () => {
    expect(new Renamed().name).toBe("binary_accuracy");
    expect(() => new Renamed({ treshold: 0.5 } as object)).toThrow(/^Renamed: .*did you mean threshold/);
    expect(Renamed.fromConfig({ threshold: 0.25 })).toBeInstanceOf(Renamed);
  });

  test("passes its name alone, and has a config of what all have", () => {
    expect(new Named().getConfig()).toEqual({ name: "bias", dtype: "float32" });
    expect(() => Named.fromConfig({})).toThrow("static options must be declared");
  });

  test("declares its options as those here do", () => {
    expect(Declared.fromConfig({ pace: 5 })).toMatchObject({ pace: 5, name: "declared", direction: "up" });
    expect(new Declared().getConfig()).toEqual({ name: "declared", dtype: "float32", pace: 3 });
    expect(() => new Declared({ pace: 0.5 })).toThrow("Declared: pace must be an integer of at least 1, received 0.5");
  });
});
