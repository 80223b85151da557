import { artifactIdSchema, artifactPageSchema, runIdSchema, sessionIdSchema } from '@batuta/contract';
import { z } from 'zod';
import { defineMcpTool, pageFields, reads, type McpMedia, type McpTool } from '../mcp-tool.ts';
import { isText } from '../media-type.ts';

/** Bytes of a file that one answer carries. */
const mostBytes = 256 * 1024;

const listArtifacts = defineMcpTool({
  name: 'list_artifacts',
  title: 'List files',
  description: 'Lists files that runs were given or made, newest first; of one session or run, if you like.',
  scope: 'artifacts:read',
  annotations: reads,
  input: z.strictObject({
    session_id: sessionIdSchema.optional(),
    run_id: runIdSchema.optional(),
    ...pageFields,
  }),
  output: artifactPageSchema,
  run: async (filter, { application, identity }) => ({
    ...(await application.artifacts.list(identity, filter)),
  }),
});

const filePartSchema = z.strictObject({
  artifact_id: artifactIdSchema,
  name: z.string(),
  media_type: z.string(),
  bytes: z.int().nonnegative(),
  encoding: z.enum(['text', 'base64']),
  content: z.string(),
  /** Null: this is the end of the file. */
  next_offset: z.int().positive().nullable(),
});

const readArtifact = defineMcpTool({
  name: 'read_artifact',
  title: 'Read a file',
  description: `Reads a file of a run: texts as text, others in base64. At most ${mostBytes / 1024} kB at once; go on with \`offset\`.`,
  scope: 'artifacts:read',
  annotations: reads,
  input: z.strictObject({
    artifact_id: artifactIdSchema,
    offset: z.int().min(0).max(2_147_483_647).default(0).describe('Bytes to pass over.'),
    length: z.int().min(1).max(mostBytes).default(mostBytes).describe('At most so many bytes.'),
  }),
  output: filePartSchema,
  target: ({ artifact_id }) => artifact_id,
  media: showWhole,
  async run({ artifact_id: id, offset, length }, { application, identity }) {
    const { name, mediaType, content } = await application.artifacts.read(identity, id);
    const isShownAsText = isText(mediaType, content);
    const end = isShownAsText ? characterEnd(content, offset + length) : offset + length;
    const part = Buffer.from(content.subarray(offset, end));
    return {
      artifact_id: id,
      name,
      media_type: mediaType,
      bytes: content.byteLength,
      encoding: isShownAsText ? ('text' as const) : ('base64' as const),
      content: part.toString(isShownAsText ? 'utf8' : 'base64'),
      next_offset: end < content.byteLength ? end : null,
    };
  },
});

const shownTypes = /^(image|audio)\/[\w.+-]+$/;

/** A whole picture or sound is also given as what it is. */
function showWhole(file: z.infer<typeof filePartSchema>): McpMedia | null {
  const type = shownTypes.exec(file.media_type)?.[1];
  const isWhole = file.encoding === 'base64' && file.next_offset === null && wholeLength(file) === file.bytes;
  if (!isWhole || (type !== 'image' && type !== 'audio')) return null;
  return { type, mimeType: file.media_type, data: file.content };
}

function wholeLength({ content }: { content: string }): number {
  return Buffer.byteLength(content, 'base64');
}

/** The end of the range, moved back so that it does not cut a character of UTF-8 in two. */
function characterEnd(content: Uint8Array, end: number): number {
  if (end >= content.byteLength) return content.byteLength;
  let place = end;
  for (let steps = 0; steps < 3 && ((content[place] ?? 0) & 0xc0) === 0x80; steps += 1) place -= 1;
  return place;
}

export const artifactTools: readonly McpTool[] = [listArtifacts, readArtifact];
