/** A share in percent, to a tenth: never 0 % or 100 % unless it is that. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return "none";
  const value = share * 100;
  if (value > 0 && value < 0.1) return "< 0.1 %";
  if (value < 100 && value > 99.9) return "> 99.9 %";
  return `${value === 0 || value === 100 ? value : value.toFixed(1)} %`;
}
