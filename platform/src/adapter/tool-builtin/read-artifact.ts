import { artifactIdSchema, BatutaError } from '@batuta/contract';
import { z } from 'zod';
import { defineTool, type DefinedTool } from '../../port/tool-definition.ts';

/** Longest piece of one answer, in characters. */
const longestPiece = 12_000;
/** Artifacts that are read as text at all, in bytes. */
const largestArtifact = 50_000_000;

const input = z.strictObject({
  id: artifactIdSchema.describe('Id of the artifact: art_...'),
  offset: z.int().min(0).default(0).describe('Character to begin at.'),
  length: z
    .int()
    .min(1)
    .max(longestPiece)
    .default(longestPiece)
    .describe(`How many characters to read, at most ${longestPiece}.`),
});

/** The tool `read_artifact`. */
export const readArtifactTool: DefinedTool = defineTool({
  name: 'read_artifact',
  description:
    'Reads a stored text, such as a tool result that was too long, piece by piece. The answer says where the next piece begins.',
  input,
  annotations: { readOnly: true, openWorld: false },
  execute: async ({ id, offset, length }, context) => {
    const found = await context.readArtifact(id, { offset: 0, length: largestArtifact });
    if (found === undefined) throw new BatutaError('artifact-unknown', { id });
    const text = decode(id, found);
    if (offset > text.length)
      throw failed(`${id} has only ${text.length} characters, so it cannot be read from ${offset}`);
    const end = wholeCharacter(text, Math.min(text.length, offset + length));
    const next = end < text.length ? `next piece at offset ${end}` : 'this is the end';
    return `${id}: characters ${offset} to ${end} of ${text.length}; ${next}\n\n${text.slice(wholeCharacter(text, offset), end)}`;
  },
});

function decode(
  id: string,
  { mediaType, bytes, content }: { mediaType: string; bytes: number; content: Uint8Array },
): string {
  if (bytes > largestArtifact) throw failed(`${id} has ${bytes} bytes, more than can be read as text`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch (error) {
    throw failed(`${id} is ${mediaType}, not a text`, error);
  }
}

/** Moves a place out of the middle of a character of two UTF-16 units. */
function wholeCharacter(text: string, place: number): number {
  const unit = text.charCodeAt(place);
  return unit >= 0xdc00 && unit <= 0xdfff ? place + 1 : place;
}

function failed(reason: string, cause?: unknown): BatutaError<'tool-failed'> {
  return new BatutaError('tool-failed', { tool: 'read_artifact', reason }, { cause });
}
