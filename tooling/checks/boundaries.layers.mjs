/* Who may import whom inside layers. */

/** The floors of layers' source, each with those that it may import besides itself. */
const floors = /** @type {const} */ ({
  config: [],
  parts: ["config"],
  layer: ["config", "parts"],
  layers: ["config", "parts", "layer"],
  model: ["config", "parts", "layer"],
  // Its rules name the layers that they fuse; the rest of model knows none.
  "model/fusion": ["config", "parts", "layer", "layers"],
  meaning: ["config", "parts", "layer", "layers", "model"],
  saving: ["config", "parts", "layer", "layers", "model"],
});
const source = "^packages/layers/src/";
const families = `${source}layers/`;

/**
 * @param {string} anyTest
 * @returns {import("dependency-cruiser").IForbiddenRuleType[]}
 */
export const layersRules = (anyTest) => [
  ...Object.entries(floors).map(([floor, allowed]) => ({
    name: `layers-${floor.replace("/", "-")}-imports`,
    comment: `${floor} of layers may import ${allowed.length === 0 ? "no other floor" : allowed.join(", ")}.`,
    severity: /** @type {const} */ ("error"),
    from: { path: `${source}${floor}/`, pathNot: [anyTest, ...floorsWithin(floor)] },
    to: { path: source, pathNot: `${source}(${[floor, ...allowed].join("|")})/` },
  })),
  {
    name: "layers-listed-floors",
    comment: "A folder of layers must have its line in the table.",
    severity: "error",
    from: { path: `${source}[^/]+/`, pathNot: [anyTest, `${source}(${Object.keys(floors).join("|")})/`] },
    to: {},
  },
  {
    name: "layers-families-apart",
    comment: "A family of layers knows no other; what they share is for the floors below.",
    severity: "error",
    from: { path: `${families}([^/]+)/`, pathNot: anyTest },
    to: { path: families, pathNot: `${families}$1/` },
  },
];

/** Floors that lie in the folder of another one, and have their own line. @param {string} floor */
function floorsWithin(floor) {
  return Object.keys(floors)
    .filter((other) => other.startsWith(`${floor}/`))
    .map((other) => `${source}${other}/`);
}
