/** Names in saved models of the classes that users have registered. */
const names = new Map<unknown, string>();

export function setRegisteredName(layerClass: unknown, name: string): void {
  names.set(layerClass, name);
}

/** The name under which a class was registered, or `null`. */
export function registeredNameOf(layerClass: unknown): string | null {
  return names.get(layerClass) ?? null;
}
