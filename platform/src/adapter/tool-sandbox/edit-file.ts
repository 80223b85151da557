import { BatutaError } from '@batuta/contract';
import { z } from 'zod';
import { defineTool, type DefinedTool } from '../../port/tool-definition.ts';
import { inTurn } from './in-turn.ts';
import { pathField } from './path-field.ts';
import type { SandboxTools } from './sandbox-tools.ts';
import { decodeText } from './workspace-text.ts';

const longestText = 200_000;
const largestFile = 5_000_000;

const input = z.strictObject({
  path: pathField,
  old_text: z
    .string()
    .min(1)
    .max(longestText)
    .describe('What is replaced, exactly as it stands in the file.'),
  new_text: z.string().max(longestText).describe('What takes its place.'),
  all: z.boolean().default(false).describe('Replace every place, not just one.'),
});

/** The tool `edit_file`. */
export function editFileTool({ open }: SandboxTools): DefinedTool {
  return defineTool({
    name: 'edit_file',
    description:
      'Replaces a piece of a text file of the workspace by another. The piece must stand there exactly once, unless all places are wanted.',
    input,
    annotations: { readOnly: false, destructive: false, idempotent: false, openWorld: false, confined: true },
    execute: ({ path, ...edit }, context) =>
      inTurn(context, async () => {
        const { files } = await open(context, 'general');
        const { content, bytes } = await files.read(path, { offset: 0, length: largestFile });
        if (bytes > largestFile)
          throw failed(`${path} has ${bytes} bytes, too many to be edited; use shell (sed)`);
        const { text, places } = replaced(decodeText(path, content), { path, ...edit });
        await files.write(path, Buffer.from(text));
        return `${path}: ${places === 1 ? 'one place has' : `${places} places have`} been replaced.`;
      }),
  });
}

interface Edit {
  path: string;
  old_text: string;
  new_text: string;
  all: boolean;
}

function replaced(text: string, edit: Edit): { text: string; places: number } {
  const { path, old_text: old, new_text: wanted, all } = edit;
  const pieces = text.split(old);
  const places = pieces.length - 1;
  if (places === 0)
    throw failed(`old_text does not stand in ${path}${nearMiss(text, old)}; read the file again`);
  if (places > 1 && !all) {
    const lines = linesOf(pieces);
    throw failed(
      `old_text stands in ${path} ${places} times (lines ${lines}); give more of what is around the right one, or set all`,
    );
  }
  return { text: pieces.join(wanted), places };
}

/** What models most often get wrong: spaces at the beginnings and ends of lines. */
function nearMiss(text: string, old: string): string {
  const bare = (value: string): string =>
    value
      .replace(/[ \t]+/g, ' ')
      .replace(/ ?\r?\n ?/g, '\n')
      .trim();
  return bare(text).includes(bare(old)) ? ' like that, but it does with other spaces or line ends' : '';
}

function linesOf(pieces: readonly string[]): string {
  let line = 1;
  const lines = pieces.slice(0, -1).map((piece) => (line += piece.split('\n').length - 1));
  return lines.length > 10 ? `${lines.slice(0, 10).join(', ')}, ...` : lines.join(', ');
}

function failed(reason: string): BatutaError<'tool-failed'> {
  return new BatutaError('tool-failed', { tool: 'edit_file', reason });
}
