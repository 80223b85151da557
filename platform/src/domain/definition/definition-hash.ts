import { createHash } from 'node:crypto';
import { canonicalJson, type AgentDefinition } from '@batuta/contract';

/** SHA-256 of the canonical JSON of a definition: the same definition has the same hash on every machine. */
export function definitionHash(definition: AgentDefinition): string {
  return createHash('sha256').update(canonicalJson(definition)).digest('hex');
}
