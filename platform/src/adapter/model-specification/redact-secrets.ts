const longestReason = 300;

/** Shapes of keys that error texts quote: `sk-...`, `AIza...`, bearer tokens, passwords and keys in addresses. */
const keyShapes: readonly (readonly [RegExp, string])[] = [
  [/\b(?:sk|pk|rk|gsk|xai|key)[-_][\w*.-]{6,}/gi, '***'],
  [/\bAIza[\w*-]{10,}/g, '***'],
  [/\bBearer\s+[^\s"',]+/gi, 'Bearer ***'],
  [/:\/\/[^/\s@]+@/g, '://***@'],
  [/([?&](?:key|api_key|token|access_token)=)[^&\s"']+/gi, '$1***'],
];

/** A provider's words in one short line, without the given secrets and without anything that looks like a key. */
export function redactSecrets(text: string, secrets: readonly string[]): string {
  let line = text.replaceAll(/\s+/g, ' ').trim();
  for (const secret of secrets) if (secret.length > 3) line = line.replaceAll(secret, '***');
  for (const [shape, replacement] of keyShapes) line = line.replaceAll(shape, replacement);
  return line.length > longestReason ? `${line.slice(0, longestReason - 1)}…` : line;
}
