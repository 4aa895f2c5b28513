/** Whether a file or folder is not whole yet, or no longer will be: a lock, or what is written before it has its name. */
export function isUnfinished(name: string): boolean {
  return name.startsWith(".featuremap-");
}
