import { GraphShapes } from "./graph-shapes.ts";
import type { Graph } from "./graph.ts";
import { type Plan, compilePlan } from "./plan.ts";

/** A graph, and what is worked out of it once. */
export interface CompiledGraph {
  readonly graph: Graph;
  readonly plan: Plan;
  readonly shapes: GraphShapes;
}

export function compileGraph(graph: Graph): CompiledGraph {
  return { graph, plan: compilePlan(graph), shapes: new GraphShapes(graph) };
}
