import { expect, test } from "vitest";
import { pythonJson } from "./python-json.ts";

test.for<[unknown, string]>([
  [{ units: 10, rate: 1, axis: -1 }, '{"units": 10, "rate": 1.0, "axis": -1}'],
  [{ learning_rate: 1e-7, epsilon: 0 }, '{"learning_rate": 1e-7, "epsilon": 0.0}'],
  [{ factor: [0, 0.5], name: "a", seed: null }, '{"factor": [0.0, 0.5], "name": "a", "seed": null}'],
  [
    { learning_rate: { module: "keras", class_name: "Schedule", config: { decay_rate: 1, decay_steps: 2 } } },
    '{"learning_rate": {"module": "keras", "class_name": "Schedule", "config": {"decay_rate": 1.0, "decay_steps": 2}}}',
  ],
  [{ loss_weights: { left: 1, right: [2] } }, '{"loss_weights": {"left": 1.0, "right": [2.0]}}'],
  [
    { class_name: "RandomPosterization", config: { factor: 4, value_range: [0, 255] } },
    '{"class_name": "RandomPosterization", "config": {"factor": 4, "value_range": [0, 255]}}',
  ],
  [
    { class_name: "Functional", config: { output_layers: { alpha: ["dense", 0, 0] }, alpha: 1 } },
    '{"class_name": "Functional", "config": {"output_layers": {"alpha": ["dense", 0, 0]}, "alpha": 1.0}}',
  ],
  [{ left_out: undefined, momentum: -0 }, '{"momentum": 0.0}'],
])("%o", ([value, expected]) => {
  expect(pythonJson(value)).toBe(expected);
  expect(JSON.parse(pythonJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
});

test("writes numbers that JSON lacks as Python does", () => {
  expect(pythonJson({ max_value: Infinity, values: [-Infinity, NaN] })).toBe(
    '{"max_value": Infinity, "values": [-Infinity, NaN]}',
  );
});
