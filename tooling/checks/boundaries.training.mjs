/* Who may import whom within training. */

/** The folders of training, each with those that it may import: data and parts below, then run, step, loop and trainer. */
const trainingFloors = /** @type {const} */ ({
  config: [],
  data: ["config"],
  schedules: ["config"],
  optimizers: ["config", "schedules"],
  losses: ["config"],
  metrics: ["config", "data", "losses"],
  run: ["config", "metrics", "optimizers"],
  step: ["config", "data", "losses", "metrics", "optimizers", "run"],
  callbacks: ["config", "data", "optimizers", "run"],
  loop: ["config", "data", "metrics", "optimizers", "run", "step"],
  trainer: ["config", "data", "schedules", "optimizers", "losses", "metrics", "run", "step", "callbacks", "loop"],
  saving: ["config", "losses", "metrics", "optimizers", "schedules", "run", "trainer"],
  "fine-tune": ["config", "data", "losses", "metrics", "optimizers", "run", "step", "callbacks", "loop", "trainer"],
});
const training = "^packages/training/src/";

/**
 * @param {string} anyTest pattern of test files, which may import any folder
 * @returns {import("dependency-cruiser").IForbiddenRuleType[]}
 */
export const trainingRules = (anyTest) => [
  ...Object.entries(trainingFloors).map(([floor, allowed]) => ({
    name: `training-${floor}-imports`,
    comment: `Of training's folders, ${floor} may import ${allowed.length === 0 ? "no other" : allowed.join(", ")}.`,
    severity: /** @type {const} */ ("error"),
    from: { path: `${training}${floor}/`, pathNot: anyTest },
    to: { path: training, pathNot: `${training}(${[floor, ...allowed].join("|")})/` },
  })),
  {
    name: "training-listed-floors",
    comment: "A folder of training must have its line in the table.",
    severity: "error",
    from: { path: `${training}[^/]+/`, pathNot: [`${training}(${Object.keys(trainingFloors).join("|")})/`, anyTest] },
    to: {},
  },
];
