// @ts-check
/** @param {number[]} values @param {number} share */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
/** @param {number[]} values */
export const median = (values) => quantile(values, 0.5);
/** @param {number[]} values */
export const largest = (values) => values.reduce((a, b) => Math.max(a, b), 0);

/** @typedef {{ name: string, value: number, unit: string, aim?: number, note?: string }} Metric */

/** @param {string} title @param {Metric[]} metrics */
export function print(title, metrics) {
  console.log(`\n${title}`);
  for (const { name, value, unit, aim, note } of metrics) {
    const number = value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(1);
    const verdict = aim === undefined ? '' : value <= aim ? `  (aim ${aim})` : `  ABOVE THE AIM of ${aim}`;
    console.log(`  ${name.padEnd(52)} ${number.padStart(9)} ${unit.padEnd(4)}${verdict}${note ? `  ${note}` : ''}`);
  }
}
