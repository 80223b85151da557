import type { FoundValue } from './value-matcher.ts';

/** A shape by which a secret is known without knowing its value. The group `secret`, or the whole match, is taken out. */
interface Shape {
  label: string;
  pattern: RegExp;
}

/** Shapes that nothing else has: looked for everywhere. */
const certain: readonly Shape[] = [
  { label: 'Batuta key', pattern: /\bbt[a-z]_[\w-]{40,}/g },
  { label: 'npm token', pattern: /_authToken=(?<secret>[\w+/=.-]{8,256})/g },
  { label: 'Google API key', pattern: /\bAIza[\w-]{35}/g },
  // Also one that was cut off.
  {
    label: 'private key',
    pattern:
      /-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----[A-Za-z0-9+/=\s\\:,-]{0,20000}(?:-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----)?/g,
  },
];

/** Shapes that prose may have, too: looked for in logs and errors, where a word too many taken out does no harm. */
const likely: readonly Shape[] = [
  { label: 'credential', pattern: /\b(?:bearer|basic)\s+(?<secret>[\w.~+/=-]{8,})/gi },
  { label: 'Batuta key', pattern: /\bbt[kl]_[\w-]{16,}/g },
  { label: 'API key', pattern: /\b(?:sk|pk|rk|gsk|xai)[-_][\w-]{12,}/g },
  { label: 'password', pattern: /\b[a-z][\w+.-]{0,30}:\/\/[^\s:/@]{0,256}:(?<secret>[^\s/@]{1,256})@/gi },
  {
    label: 'token',
    pattern:
      /[?&](?:[\w-]{0,64}key|[\w-]{0,64}token|[\w-]{0,64}secret|password|login)=(?<secret>[^&\s#"']+)/gi,
  },
];

/** Shapes of secrets that nothing else has. */
export function findCertainShapes(text: string): FoundValue[] {
  return certain.flatMap((shape) => find(text, shape));
}

/** Everything that looks like a secret. */
export function findLikelyShapes(text: string): FoundValue[] {
  return [...certain, ...likely].flatMap((shape) => find(text, shape));
}

function find(text: string, { label, pattern }: Shape): FoundValue[] {
  return [...text.matchAll(pattern)].map((match) => {
    const secret = match.groups?.['secret'] ?? match[0];
    const start = match.index + match[0].lastIndexOf(secret);
    return { start, end: start + secret.length, label };
  });
}

/**
 * Parts that every text has in which the rules for secrets could find anything. Most results of tools have none, and for those the rules
 * are neither run nor loaded. A test holds it against the rules.
 */
const marker =
  /-----BEGIN|:\/\/[^\s/@]{1,520}@|x(?:ox[abpro]|app)-|hooks\.slack\.com|\bsk-|(?:sk|rk)_(?:live|test)_|npm_|gsk_|hf_|lin_api_|ntn_|SG\.|shp(?:pa|ca|at|ss)_|gh[pousr]_|github_pat_|glpat-|glc_|glsa_|ops_ey|hv[sbr]\.|vc[piark]_|dapi[\da-fA-F]|dckr_pat_|figd_|cf(?:k|ut|at)_|tskey-|(?:SECRET|[Ss]ecret)_?(?:ACCESS|[Aa]ccess)_?(?:KEY|[Kk]ey)|private_key/;

/** Whether it is worth while to ask the rules. */
export function mayHoldSecret(text: string): boolean {
  return marker.test(text);
}
