import type { FilePart, TextPart } from '@batuta/contract';
import { modelHistory, type HistoryMessage } from '../../domain/context/model-history.ts';
import type { ModelFilePart, ModelMessage, ModelRequest, ModelToolSpec } from '../../port/model.ts';
import type { Tool } from '../../port/tool.ts';
import type { CompiledPolicy } from '../../domain/policy/compile-policy.ts';
import type { EngineContext } from './engine-context.ts';
import type { HeldRun } from './held-run.ts';
import { offeredTools, toolsInSight } from './offered-tools.ts';
import { policyOfRun } from './policy-of-run.ts';

/** Largest file that is put in front of a model. */
const maxFileBytes = 20_000_000;

const specsByPolicy = new WeakMap<CompiledPolicy, WeakMap<readonly Tool[], ModelToolSpec[]>>();

/** What the model is asked: instructions, the sendable history with its files, the tools. */
export async function buildRequest(context: EngineContext, held: HeldRun): Promise<ModelRequest> {
  const { instructions, settings } = held.definition;
  const history = modelHistory(held.journal.state.history);
  const messages = history.every(isSendable)
    ? history
    : await Promise.all(history.map((message) => loadFiles(context, held, message)));
  return {
    instructions,
    messages,
    tools: toolSpecs(held, await policyOfRun(context, held)),
    settings: { temperature: settings.temperature, maxOutputTokens: settings.max_output_tokens },
  };
}

/** The same array for every turn under the same rules, so that adapters can keep what they make of it. */
function toolSpecs(held: HeldRun, policy: CompiledPolicy): ModelToolSpec[] {
  const byTools = specsByPolicy.get(policy) ?? new WeakMap<readonly Tool[], ModelToolSpec[]>();
  const inSight = toolsInSight(held);
  const known = byTools.get(inSight);
  if (known) return known;
  const specs = offeredTools(held, policy).map(({ name, description, inputSchema }) => ({
    name,
    description,
    inputSchema,
  }));
  specsByPolicy.set(policy, byTools.set(inSight, specs));
  return specs;
}

async function loadFiles(
  context: EngineContext,
  held: HeldRun,
  message: HistoryMessage,
): Promise<ModelMessage> {
  if (isSendable(message)) return message;
  const parts = await Promise.all(
    message.parts.map(async (part) => (part.type === 'text' ? part : loadFile(context, held, part))),
  );
  return { role: 'user', parts };
}

/** Whether a message has no file that must be loaded first, as nearly all. */
function isSendable(message: HistoryMessage): message is HistoryMessage & ModelMessage {
  return message.role !== 'user' || message.parts.every(isText);
}

function isText(part: TextPart | FilePart): part is TextPart {
  return part.type === 'text';
}

/** A file that is gone or too large is named in words, so that the conversation can go on without it. */
async function loadFile(
  context: EngineContext,
  held: HeldRun,
  part: FilePart,
): Promise<TextPart | ModelFilePart> {
  const range = { offset: 0, length: maxFileBytes };
  const data = await context.artifacts.read(held.lease.tenantId, part.artifact_id, range);
  if (!data || data.byteLength >= maxFileBytes) {
    return { type: 'text', text: `[The file ${part.name ?? part.artifact_id} is not available.]` };
  }
  return { type: 'file', mediaType: part.media_type, data, ...(part.name ? { name: part.name } : {}) };
}
