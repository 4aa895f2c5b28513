/** Where a step stands, as far as the number of steps is known. */
export function stepText(step: number, steps: number): string {
  return Number.isFinite(steps) ? `step ${step} of ${steps}` : `step ${step}`;
}
