import {
  BatchNormalization,
  Conv2D,
  Dense,
  type Layer,
  type LayerNode,
  Model,
  SeparableConv2D,
  outputMeaning,
} from "@featuremap/layers";
import { InvalidConfigError } from "@featuremap/tensor";
import { Head, type Scoring } from "./head.ts";
import { type Answers, answersOf, isOnePlace } from "./head-layers.ts";

/** What becomes of a head, whatever its layers say. */
export type HeadChoice = "replace" | "keep";

/** What stands at a model's end. */
export interface ModelEnd {
  /** Undefined for a base, which gives features, and for a model of several outputs. */
  readonly head: Head | undefined;
  /** Why that might be wrong, in a sentence without full stop; undefined where the layers show it. */
  readonly doubt: string | undefined;
}

/**
 * Where the head of a classifier begins: at the last Dense, Conv2D or SeparableConv2D, behind which nothing has weights, but perhaps
 * BatchNormalization.
 *
 * It is a head where softmax is behind it, or sigmoid, or where it makes a linear number for each class and no map of them.
 * Convolutions whose maps end in ReLU, pooling or the like are a base. `fineTune` and the command `featuremap train` go by it.
 *
 * @param choice `"replace"` takes the last layer with a kernel for the beginning of a head, `"keep"` finds none
 * @throws {InvalidConfigError} it is no model that knows its input shape, the choice is neither, nothing shows where its head begins, or there is nothing
 * before it.
 */
export function findHead(model: Model, choice?: HeadChoice): ModelEnd {
  if (!(model instanceof Model)) {
    throw new InvalidConfigError("findHead", "model", "a Model of @featuremap/layers", model);
  }
  if (choice !== undefined && choice !== "replace" && choice !== "keep") {
    throw new InvalidConfigError("findHead", "choice", '"replace", "keep" or left out', choice);
  }
  return endOf("findHead", model, choice);
}

/** The same for a caller of that name, with what is checked. */
export function endOf(owner: string, model: Model, choice: HeadChoice | undefined): ModelEnd {
  const [output, another] = model.outputs;
  if (choice === "keep" || output === undefined || another !== undefined) return { head: undefined, doubt: undefined };
  const trace = traceBack(output.node);
  const meaning = outputMeaning(model);
  const { scoring } = trace;
  if (scoring === undefined) {
    const isClassifier = choice === "replace" || trace.answers !== undefined || meaning === "probabilities";
    if (isClassifier) throw hidden(owner, `one that ends in ${output.node.layer.name}`);
    return { head: undefined, doubt: meaning === "logits" ? doubts.scores(output.node.layer) : undefined };
  }
  const { isHead, doubt } = choice === "replace" ? { isHead: true, doubt: undefined } : judge(trace, scoring, meaning);
  if (!isHead) return { head: undefined, doubt };
  const head = new Head(scoring, trace.behind, trace.within);
  if (!head.hasBase) throw hidden(owner, `one without layers before ${scoring.layer.name}, with which its head begins`);
  return { head, doubt };
}

/** What is met on the way back from the output. */
interface Trace {
  /** The last use of a layer with a kernel that makes a number for each class; undefined where another layer is in between. */
  readonly scoring: Scoring | undefined;
  /** The layers behind it. */
  readonly behind: readonly Layer[];
  /** The uses of models within each other to which it belongs, from the outermost. */
  readonly within: readonly LayerNode[];
  /** What is behind it, or is its own. */
  readonly answers: Answers | undefined;
}

function traceBack(last: LayerNode): Trace {
  const behind: Layer[] = [];
  const within: LayerNode[] = [];
  let answers: Answers | undefined;
  let scoring: Scoring | undefined;
  let node: LayerNode | undefined = last;
  while (node !== undefined) {
    const { layer, inputs }: LayerNode = node;
    const [input, another] = inputs;
    if (layer instanceof Model && layer.outputs.length === 1) {
      within.push(node);
      ({ node } = layer.output);
      continue;
    }
    answers ??= answersOf(node);
    if (input === undefined) {
      node = inputOfModel(node, within);
      continue;
    }
    if (another !== undefined) break;
    if (layer instanceof Dense || layer instanceof Conv2D || layer instanceof SeparableConv2D) {
      scoring = { layer, input, node };
      break;
    }
    const passes = layer instanceof BatchNormalization || (layer.weights.length === 0 && layer.innerLayers === null);
    if (!passes) break;
    behind.push(layer);
    ({ node } = input);
  }
  return { scoring, behind, within, answers };
}

/** What gives a model within what it takes, which is left by that. */
function inputOfModel(node: LayerNode, within: LayerNode[]): LayerNode | undefined {
  const use = within.pop();
  if (use === undefined || !(use.layer instanceof Model)) return undefined;
  const place = use.layer.inputs.findIndex((tensor) => tensor.node === node);
  return use.inputs[place]?.node;
}

function judge(
  { answers, behind }: Trace,
  { layer, node }: Scoring,
  meaning: ReturnType<typeof outputMeaning>,
): { readonly isHead: boolean; readonly doubt: string | undefined } {
  const isVector = isOnePlace(node, layer);
  if (answers?.kind === "softmax") return { isHead: true, doubt: undefined };
  if (answers?.kind === "sigmoid") {
    // Networks of the nineties have sigmoid behind convolutions within.
    const isHead = answers.isVector || !(layer instanceof Conv2D) || String(layer.kernelSize) === "1,1";
    return { isHead, doubt: isHead ? undefined : doubts.maps(layer) };
  }
  const isLinear = meaning === "logits" && behind.every((each) => each.weights.length === 0);
  if (isLinear && isVector) return { isHead: true, doubt: doubts.linear(layer) };
  // Convolutions of a base come down to one place where pictures are small.
  if (layer instanceof Dense && isVector) return { isHead: false, doubt: doubts.features(layer) };
  return { isHead: false, doubt: meaning === "logits" ? doubts.scores(layer) : undefined };
}

const doubts = {
  linear: ({ name }: Layer) => `${name} has no activation, as scores of classes have none`,
  features: ({ name }: Layer) => `${name} is taken to give features, as neither softmax nor sigmoid is behind it`,
  maps: ({ name }: Layer) => `${name} is taken to give features, as its sigmoid is at each place of a map`,
  scores: ({ name }: Layer) => `${name} is taken to give features, though scores of classes have no activation either`,
};

function hidden(owner: string, received: string): InvalidConfigError {
  const cut = "new Model({ inputs: whole.inputs, outputs: whole.getLayer(NAME).output })";
  return new InvalidConfigError(owner, "model", `a base with classes, as ${cut} without its head`, received);
}
