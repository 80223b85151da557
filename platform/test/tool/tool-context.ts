import type { ToolContext, ToolOutput } from '../../src/port/tool.ts';

/** A context for calling a tool outside of a run. */
export function toolContext(change: Partial<ToolContext> = {}): ToolContext {
  return {
    secret: async (name) => `value of ${name}`,
    tenantId: 'main',
    userId: null,
    agent: 'assistant',
    sessionId: 'ses_1',
    runId: 'run_1',
    callId: 'call_1',
    idempotencyKey: 'call_1',
    signal: new AbortController().signal,
    now: () => Date.parse('2026-11-21T10:00:00Z'),
    progress: () => undefined,
    ask: async () => ({ action: 'cancel' }),
    rest: (work) => work,
    mayReach: () => undefined,
    readArtifact: async () => undefined,
    ...change,
  };
}

/** What a model reads of an output. */
export function textOf(output: string | ToolOutput): string {
  return typeof output === 'string' ? output : output.text;
}
