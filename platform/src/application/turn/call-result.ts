import { renderMessage, type ProducedFileReference } from '@batuta/contract';
import { previewOf } from '../../domain/context/preview-result.ts';
import { keptFiles, listFiles, type KeptFile } from '../../domain/tool/produced-files.ts';
import type { NewArtifact } from '../../port/artifact.ts';
import type { ToolOutput } from '../../port/tool.ts';
import type { EngineContext } from './engine-context.ts';
import type { HeldRun } from './held-run.ts';
import type { CallEnd } from './settled-event.ts';

/** The result of a call and what is stored with it. */
export interface CallResult {
  end: CallEnd;
  artifacts: readonly NewArtifact[];
}

/** What is known of a call that has ended. */
export interface EndedCall {
  tool: string;
  durationMs: number;
}

/** What a tool answered, as it is stored: without secrets, its files as artifacts, and a preview where it is too large for the history. */
export async function resultOfOutput(
  context: EngineContext,
  held: HeldRun,
  { output, ...call }: EndedCall & { output: string | ToolOutput },
): Promise<CallResult> {
  const { text, failed = false, files = [] } = typeof output === 'string' ? { text: output } : output;
  const { kept, leftOut } = keptFiles(files);
  const stored = kept.map((file) => ({ ...file, id: context.ids.create('artifact') }));
  const artifacts = await Promise.all(stored.map((file) => cleanFile(context, held, file)));
  const clean = (await redactResult(context, held, text)) + listFiles(stored, leftOut);
  const outcome = failed ? 'failed' : 'succeeded';
  const result = sized(context, clean, { ...call, outcome });
  const references = stored.map(referenceTo);
  return {
    end: { ...result.end, ...(references.length > 0 ? { files: references } : {}) },
    artifacts: [...result.artifacts, ...artifacts],
  };
}

/** What a model reads, and what is kept of it, has no secrets in it. */
export async function redactResult(context: EngineContext, held: HeldRun, text: string): Promise<string> {
  const { tenantId } = held.lease;
  const learning = context.vault.know(tenantId);
  if (learning) await learning;
  return await context.redactor.content(text, tenantId);
}

function sized(
  context: EngineContext,
  content: string,
  { tool, durationMs, outcome }: EndedCall & { outcome: CallEnd['outcome'] },
): CallResult {
  const limit = context.settings.toolResultMaxBytes;
  const bytes = Buffer.byteLength(content);
  if (bytes <= limit) return { end: { outcome, content, durationMs }, artifacts: [] };
  const id = context.ids.create('artifact');
  const artifact = { id, name: `${tool}.txt`, mediaType: 'text/plain', content: Buffer.from(content) };
  const preview = previewOf(content, { artifactId: id, bytes, limit });
  return {
    end: { outcome, content: preview, durationMs, artifact: { artifact_id: id, bytes } },
    artifacts: [artifact],
  };
}

/** Files of text are content like any other. */
async function cleanFile(
  context: EngineContext,
  held: HeldRun,
  file: KeptFile & { id: string },
): Promise<NewArtifact> {
  const { id, name, mediaType, content, isText } = file;
  if (!isText) return { id, name, mediaType, content };
  const text = Buffer.from(content).toString();
  const clean = await redactResult(context, held, text);
  return { id, name, mediaType, content: clean === text ? content : Buffer.from(clean) };
}

function referenceTo({ id, name, mediaType, content }: KeptFile & { id: string }): ProducedFileReference {
  return { artifact_id: id, name, media_type: mediaType, bytes: content.byteLength };
}

const maxErrorCharacters = 2_000;

/** A call that its tool gave up on, in words that a model can act on. */
export function failedResult(reason: string, { tool, durationMs }: EndedCall): CallResult {
  const content = renderMessage('tool-failed', { tool, reason: reason.slice(0, maxErrorCharacters) });
  return { end: { outcome: 'failed', content, durationMs }, artifacts: [] };
}
