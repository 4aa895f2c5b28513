const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** `1234567.8` as "1,234,568". */
export function formatCount(value: number): string {
  return grouped.format(value);
}

/** Seconds as "0:07", "12:34" or "1:02:03". */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = String(whole % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/** Four decimals, as losses and accuracies are compared by; tiny and huge values keep their magnitude. */
export function formatMetric(value: number): string {
  const magnitude = Math.abs(value);
  return magnitude === 0 || (magnitude >= 1e-3 && magnitude < 1e5) ? value.toFixed(4) : value.toExponential(3);
}

const byteUnits = ["bytes", "KB", "MB", "GB", "TB"] as const;

/** Bytes as "512 bytes", "1.5 KB", "229 MB": thousands of thousands, as disks are sold. */
export function formatBytes(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < byteUnits.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${byteUnits[unit] ?? ""}`;
}

/** "1 picture", "2,345 pictures". */
export function formatCounted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
