import { isRecord } from "../config/config-reader.ts";
import type { KerasObject } from "../config/keras-object.ts";
import type { Layer } from "../layer/layer.ts";
import { Model } from "../model/model.ts";

type Entry = Readonly<Record<string, unknown>>;

/**
 * The model's JSON, in which layers that several models hold have a number, as Keras's `shared_object_id`. Without it each of the models
 * would be read with a layer of its own.
 */
export function markSharedLayers(model: Model, object: KerasObject & Record<string, unknown>): typeof object {
  const counts = new Map<Layer, number>();
  countHolders(model, counts, new Set());
  const shared = new Set([...counts].filter(([, count]) => count > 1).map(([layer]) => kindOf(layer)));
  if (shared.size === 0) return object;
  // Others of such a name too, lest one of them is taken for it: readers look for layers without a number by class and name.
  const numbered = [...counts.keys()].filter((layer) => shared.has(kindOf(layer)));
  return { ...object, ...mark(model, object, new Map(numbered.map((layer, index) => [layer, index + 1]))) };
}

function kindOf({ className, name }: Layer): string {
  return `${className} ${name}`;
}

function countHolders(model: Model, counts: Map<Layer, number>, seen: Set<Model>): void {
  if (seen.has(model)) return;
  seen.add(model);
  for (const layer of model.innerLayers) {
    counts.set(layer, (counts.get(layer) ?? 0) + 1);
    if (layer instanceof Model) countHolders(layer, counts, seen);
  }
}

function mark(model: Model, object: Entry, numbers: ReadonlyMap<Layer, number>): Entry {
  const config = isRecord(object["config"]) ? object["config"] : {};
  const entries: readonly unknown[] = Array.isArray(config["layers"]) ? config["layers"] : [];
  const byName = new Map(model.innerLayers.map((layer) => [layer.name, layer]));
  const layers = entries.map((entry) => {
    const layer = byName.get(nameOf(entry));
    if (layer === undefined || !isRecord(entry)) return entry;
    const marked = layer instanceof Model ? mark(layer, entry, numbers) : entry;
    const number = numbers.get(layer);
    return number === undefined ? marked : { ...marked, shared_object_id: number };
  });
  return { ...object, config: { ...config, layers } };
}

function nameOf(entry: unknown): string {
  return isRecord(entry) && isRecord(entry["config"]) ? String(entry["config"]["name"]) : "";
}
