/** The value below which a share of the numbers lies; the largest for 1. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const index = Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1));
  return sorted[index] ?? Number.NaN;
}

/** The middle value. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** A number with so many digits after the point. */
export function fixed(value: number, digits = 1): string {
  return value.toFixed(digits);
}

/** Several rounds as "median (smallest-largest)". */
export function spread(values: readonly number[], digits = 1): string {
  return `${fixed(median(values), digits)} (${fixed(Math.min(...values), digits)}-${fixed(Math.max(...values), digits)})`;
}
