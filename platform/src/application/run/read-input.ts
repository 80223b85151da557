import { plainLine, type RunInput, type UserPart } from '@batuta/contract';
import type { NewArtifact } from '../../port/artifact.ts';
import type { Ids } from '../../port/ids.ts';

/** A client's input as it is stored: texts in the message, files beside it. */
export function readInput(ids: Ids, input: RunInput): { parts: UserPart[]; artifacts: NewArtifact[] } {
  if (typeof input === 'string') return { parts: [{ type: 'text', text: cleanText(input) }], artifacts: [] };
  const artifacts: NewArtifact[] = [];
  const parts = input.map((part): UserPart => {
    if (part.type === 'text') return { type: 'text', text: cleanText(part.text) };
    const id = ids.create('artifact');
    const name = part.name ?? 'file';
    const content = Buffer.from(part.data, 'base64');
    artifacts.push({ id, name, mediaType: part.media_type, content, labels: ['private'] });
    return { type: 'file', artifact_id: id, media_type: part.media_type, name };
  });
  return { parts, artifacts };
}

/** NUL cannot be stored in PostgreSQL's text and JSON, and lone surrogates cannot be sent as UTF-8. */
function cleanText(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed();
}

/** The first words of an input, for lists. */
export function titleOf(parts: readonly UserPart[]): string {
  const text = parts.map((part) => (part.type === 'text' ? part.text : `[${part.name ?? 'file'}]`)).join(' ');
  const line = plainLine(text.slice(0, 2_000).replaceAll(/\s+/g, ' ')).trim();
  return line.length <= 80 ? line : `${line.slice(0, 79).toWellFormed()}…`;
}
