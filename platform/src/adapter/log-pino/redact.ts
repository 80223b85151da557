/** Names whose values are secrets wherever they stand; numbers under them (`input_tokens`) are not. */
const secretName =
  /^(?:.*authorization|cookie|set-cookie|password|passphrase|.*secret|.*[-_]?token|(?:.*[-_])?(?:api|admin|private|access)[-_]?key|x-api-key)$/i;

const mask = '[redacted]';
const deepest = 6;
const longestText = 8192;

/** Makes a function that copies a value for the log without its secrets; `redactText` takes them out of a text. */
export function makeRedactor(redactText: (text: string) => string): (value: unknown) => unknown {
  function text(value: string): string {
    return redactText(value.length > longestText ? `${value.slice(0, longestText)}...` : value);
  }

  function error(value: Error, depth: number): unknown {
    const own = Object.fromEntries(Object.entries(value).map(([name, field]) => [name, field]));
    return copy(
      { name: value.name, message: value.message, stack: value.stack, cause: value.cause, ...own },
      depth,
    );
  }

  function object(value: object, depth: number): unknown {
    if (value instanceof Error) return error(value, depth);
    if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
    if (value instanceof Date) return value;
    if (depth >= deepest) return '[deeper]';
    if (Array.isArray(value)) return value.map((item) => copy(item, depth + 1));
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [
        name,
        typeof field === 'string' && secretName.test(name) ? mask : copy(field, depth + 1),
      ]),
    );
  }

  function copy(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return text(value);
    if (typeof value === 'bigint') return value.toString();
    return typeof value === 'object' && value !== null ? object(value, depth) : value;
  }

  return (value) => copy(value, 0);
}
