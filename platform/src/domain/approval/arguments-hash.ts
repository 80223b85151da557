import { hash } from 'node:crypto';
import { canonicalJson, type JsonValue } from '@batuta/contract';

/** Arguments as what they are bound by: their canonical text and its SHA-256, hexadecimal. */
export function bindArguments(input: JsonValue): { text: string; hash: string } {
  const text = canonicalJson(input);
  return { text, hash: hash('sha256', text, 'hex') };
}

/** SHA-256 of the canonical JSON of arguments: the same for equal arguments however they were written, and for no others. */
export function hashArguments(input: JsonValue): string {
  return bindArguments(input).hash;
}
