/** Names whose values are secrets wherever they stand; numbers under them (`input_tokens`) are not. */
const secretName =
  /^(?:.*authorization|cookie|set-cookie|password|passphrase|.*secret|.*[-_]?token|(?:.*[-_])?(?:api|admin|private|access)[-_]?key|x-api-key)$/i;

/** Secrets inside texts: bearer values, keys of the known providers and of Batuta, passwords in addresses. */
const secretTexts: readonly [RegExp, string][] = [
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, '$1 [redacted]'],
  [/\b(?:sk|pk|rk)-[\w-]{12,}/g, '[redacted]'],
  [/\bAIza[\w-]{30,}/g, '[redacted]'],
  [/\bbt[kl]_[\w-]{16,}/g, '[redacted]'],
  [/\b([a-z][\w+.-]*:\/\/[^\s:/@]*):[^\s/@]+@/gi, '$1:[redacted]@'],
  [/([?&](?:[\w-]*key|[\w-]*token|[\w-]*secret|password|login)=)[^&\s#]+/gi, '$1[redacted]'],
];

const mask = '[redacted]';
const deepest = 6;
const longestText = 8192;

/** Makes a function that copies a value for the log without its secrets. `secrets` are values known from the configuration. */
export function makeRedactor(secrets: readonly string[]): (value: unknown) => unknown {
  const known = secrets.filter((secret) => secret.length >= 6);

  function text(value: string): string {
    let clean = value.length > longestText ? `${value.slice(0, longestText)}...` : value;
    for (const secret of known) clean = clean.replaceAll(secret, mask);
    for (const [pattern, replacement] of secretTexts) clean = clean.replace(pattern, replacement);
    return clean;
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
