const names: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info ', 40: 'warn ', 50: 'error' };

/** Turns one JSON line of the log into a line for people: time, level, message, then fields as `name=value`. */
export function readableLine(json: string): string {
  const { level, time, msg, ...fields }: Record<string, unknown> = JSON.parse(json);
  const at = new Date(Number(time)).toISOString().slice(11, 23);
  const rest = Object.entries(fields).map(([name, value]) => ` ${name}=${readableValue(value)}`);
  return `${at} ${names[Number(level)] ?? String(level)} ${String(msg)}${rest.join('')}\n`;
}

function readableValue(value: unknown): string {
  if (typeof value === 'string') return /^[\w./:@-]+$/.test(value) ? value : JSON.stringify(value);
  return JSON.stringify(value);
}
