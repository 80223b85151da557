import { artifactIdSchema, BatutaError } from '@batuta/contract';
import { z } from 'zod';
import { defineTool, type DefinedTool } from '../../port/tool-definition.ts';
import type { ToolContext } from '../../port/tool.ts';
import { inTurn } from './in-turn.ts';
import { pathField } from './path-field.ts';
import type { SandboxTools } from './sandbox-tools.ts';

const longestContent = 1_000_000;
const largestArtifact = 50_000_000;

const input = z
  .strictObject({
    path: pathField,
    content: z.string().max(longestContent).optional().describe('The whole new content.'),
    artifact_id: artifactIdSchema
      .optional()
      .describe(
        'Instead of content: an artifact (art_...) whose content the file gets, such as an uploaded file.',
      ),
  })
  .refine(({ content, artifact_id: id }) => (content === undefined) !== (id === undefined), {
    error: 'give either "content" or "artifact_id"',
  });

/** The tool `write_file`. */
export function writeFileTool({ open }: SandboxTools): DefinedTool {
  return defineTool({
    name: 'write_file',
    description:
      'Writes a file of the workspace, in place of what it was; folders are made as needed. Takes a text, or an artifact of this conversation. To change a part of a file use edit_file.',
    input,
    annotations: { readOnly: false, destructive: false, idempotent: true, openWorld: false, confined: true },
    execute: async ({ path, content, artifact_id: id }, context) => {
      const bytes = id === undefined ? Buffer.from(content ?? '') : await readWhole(context, id);
      return await inTurn(context, async () => {
        const { files } = await open(context, 'general');
        await files.write(path, bytes);
        return `${path} has been written (${bytes.byteLength} bytes).`;
      });
    },
  });
}

async function readWhole(context: ToolContext, id: string): Promise<Uint8Array> {
  const found = await context.readArtifact(id, { offset: 0, length: largestArtifact });
  if (found === undefined) throw new BatutaError('artifact-unknown', { id });
  if (found.bytes <= largestArtifact) return found.content;
  const reason = `${id} has ${found.bytes} bytes, more than the ${largestArtifact} that can be moved into the workspace`;
  throw new BatutaError('tool-failed', { tool: 'write_file', reason });
}
