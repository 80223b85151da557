import { BatutaError } from '@batuta/contract';
import { z } from 'zod';
import type { WorkspaceEntry } from '../../port/sandbox.ts';
import { defineTool, type DefinedTool } from '../../port/tool-definition.ts';
import { CommandOutput } from './command-output.ts';
import type { SandboxTools } from './sandbox-tools.ts';

const mostEntries = 1_000;
const mostMatches = 200;
const longestSearchSeconds = 20;

const place = z.string().max(4096).default('.').describe('Folder to begin in, relative to the workspace.');

/** The tool `list_files`. */
export function listFilesTool({ open }: SandboxTools): DefinedTool {
  return defineTool({
    name: 'list_files',
    description: 'Lists the files and folders of the workspace with their sizes.',
    input: z.strictObject({
      path: place,
      depth: z.int().min(1).max(20).default(3).describe('How many levels of folders to look into.'),
    }),
    annotations: { readOnly: true, openWorld: false },
    execute: async ({ path, depth }, context) => {
      const { files } = await open(context, 'general');
      const { entries, isCut } = await files.list(path, { depth, limit: mostEntries });
      if (entries.length === 0) return `There is nothing in ${path === '.' ? 'the workspace' : path}.`;
      const more = isCut ? `\n[only the first ${mostEntries}; name a folder to see the others]` : '';
      return entries.map(lineOf).join('\n') + more;
    },
  });
}

function lineOf({ path, kind, bytes }: WorkspaceEntry): string {
  if (kind === 'folder') return `${path}/`;
  return kind === 'file'
    ? `${path} (${bytes} bytes)`
    : `${path} (${kind === 'link' ? 'symbolic link' : 'not a file'})`;
}

/** The tool `search_files`. */
export function searchFilesTool({ open }: SandboxTools): DefinedTool {
  return defineTool({
    name: 'search_files',
    description:
      'Finds the lines of text files of the workspace that match an extended regular expression (as grep -E), with file and line number.',
    input: z.strictObject({
      pattern: z.string().min(1).max(2_000).describe('The regular expression.'),
      path: place,
      files: z.string().max(200).optional().describe('Only files whose names fit this, such as *.py.'),
      ignore_case: z.boolean().default(false),
    }),
    annotations: { readOnly: true, openWorld: false },
    execute: async ({ pattern, path, files: names, ignore_case: ignoresCase }, context) => {
      const sandbox = await open(context, 'general');
      // Says so, in its own words, where there is no such folder.
      await sandbox.files.list(path, { depth: 1, limit: 1 });
      const options = [
        '-rnIE',
        '--color=never',
        '-m',
        String(mostMatches),
        ...(ignoresCase ? ['-i'] : []),
        ...(names === undefined ? [] : [`--include=${names}`]),
      ];
      const output = new CommandOutput();
      const end = await sandbox.run(
        {
          program: 'grep',
          arguments: [...options, '-e', pattern, '--', path],
          seconds: longestSearchSeconds,
        },
        { output: (piece, stream) => output.take(piece, stream), signal: context.signal },
      );
      const wrong = output.text('stderr').trim();
      if (end.problem !== undefined || (end.exitCode === 2 && wrong !== ''))
        throw failed(end.problem ?? wrong.slice(0, 500));
      return matches(output.text('stdout'), end.limit !== null);
    },
  });
}

function matches(found: string, isEnded: boolean): string {
  const lines = found.split('\n').filter((line) => line !== '');
  if (lines.length === 0)
    return isEnded ? 'The search took too long and found nothing so far.' : 'No line matches.';
  const shown = lines
    .slice(0, mostMatches)
    .map((line) => (line.length > 500 ? `${line.slice(0, 500)}...` : line));
  const isCut = lines.length > mostMatches || isEnded;
  return shown.join('\n').replaceAll(/^\.\//gm, '') + (isCut ? `\n[there are more; narrow the search]` : '');
}

function failed(reason: string): BatutaError<'tool-failed'> {
  return new BatutaError('tool-failed', { tool: 'search_files', reason });
}
