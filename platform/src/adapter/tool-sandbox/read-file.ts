import { BatutaError } from '@batuta/contract';
import { z } from 'zod';
import { defineTool, toolOutput, type DefinedTool, type MarkedOutput } from '../../port/tool-definition.ts';
import { mediaTypeOf } from './media-type.ts';
import { pathField } from './path-field.ts';
import type { SandboxTools } from './sandbox-tools.ts';
import { decodeText } from './workspace-text.ts';

/** Largest file that is read as text, and that is given as an artifact. */
const largestText = 5_000_000;
const largestArtifact = 20_000_000;
const mostLines = 2_000;

const input = z.strictObject({
  path: pathField,
  from_line: z.int().min(1).default(1).describe('First line to read, from 1.'),
  lines: z.int().min(1).max(mostLines).default(mostLines).describe(`How many lines, at most ${mostLines}.`),
  as_artifact: z
    .boolean()
    .default(false)
    .describe(
      'Give the file itself to the person, as an artifact of this conversation, instead of reading it.',
    ),
});

/** The tool `read_file`. */
export function readFileTool({ open }: SandboxTools): DefinedTool {
  return defineTool({
    name: 'read_file',
    description:
      'Reads a text file of the workspace, or with as_artifact hands any file over to the person as an artifact. For a long file give from_line.',
    input,
    annotations: { readOnly: true, openWorld: false },
    execute: async ({ path, as_artifact: asArtifact, ...range }, context) => {
      const { files } = await open(context, 'general');
      const most = asArtifact ? largestArtifact : largestText;
      const { content, bytes } = await files.read(path, { offset: 0, length: most });
      if (bytes > most) throw tooLarge(path, bytes, most);
      if (asArtifact) return handOver(path, content);
      return linesOf(decodeText(path, content), { path, from: range.from_line, count: range.lines });
    },
  });
}

function handOver(path: string, content: Uint8Array): MarkedOutput {
  const name = path.split('/').at(-1) ?? path;
  const text = `${path} (${content.byteLength} bytes) was handed over.`;
  return toolOutput({ text, files: [{ name, mediaType: mediaTypeOf(name), content }] });
}

function linesOf(text: string, { path, from, count }: { path: string; from: number; count: number }): string {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (lines.length === 0) return `${path} is empty.`;
  if (from > lines.length)
    throw failed(`${path} has only ${lines.length} lines, so it cannot be read from line ${from}`);
  const end = Math.min(lines.length, from - 1 + count);
  const part = lines.slice(from - 1, end).join('\n');
  if (from === 1 && end === lines.length) return part;
  const next = end < lines.length ? `; go on with from_line ${end + 1}` : '';
  return `${part}\n[lines ${from} to ${end} of ${lines.length}${next}]`;
}

function tooLarge(path: string, bytes: number, most: number): BatutaError<'tool-failed'> {
  return failed(
    `${path} has ${bytes} bytes, more than the ${most} that can be read at once; read a part of it with shell (head, tail, sed -n)`,
  );
}

function failed(reason: string): BatutaError<'tool-failed'> {
  return new BatutaError('tool-failed', { tool: 'read_file', reason });
}
