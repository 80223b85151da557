import type { ServerResponse } from 'node:http';
import type { CreateRun, EventData, EventKind, Run } from '@batuta/contract';
import { noUsage } from '@batuta/contract';

interface Frame {
  id: string;
  event: string;
  data: string;
}

const at = '2026-01-01T00:00:00.000Z';

/** One run of the fake API: a test says what happens in it, and streams tell it. */
export class FakeRun {
  readonly id: string;
  readonly sessionId: string;
  readonly body: CreateRun;
  #status: Run['status'] = 'running';
  #text: string | null = null;
  #seq = 0;
  readonly #frames: Frame[] = [];
  readonly #streams = new Set<ServerResponse>();
  #offsets = new Map<string, number>();

  constructor(id: string, sessionId: string, body: CreateRun) {
    this.id = id;
    this.sessionId = sessionId;
    this.body = body;
  }

  emit<K extends EventKind>(kind: K, data: EventData<K>): this {
    this.#seq += 1;
    const event = { seq: this.#seq, session_id: this.sessionId, run_id: this.id, kind, version: 1, at, data };
    return this.#send({ id: String(this.#seq), event: kind, data: JSON.stringify(event) });
  }

  delta(messageId: string, text: string): this {
    const offset = this.#offsets.get(messageId) ?? 0;
    this.#offsets.set(messageId, offset + text.length);
    return this.#send({
      id: `${this.#seq}:${messageId}:${offset + text.length}`,
      event: 'text-delta',
      data: JSON.stringify({ message_id: messageId, offset, text }),
    });
  }

  reset(messageId: string): this {
    this.#offsets.delete(messageId);
    const data = JSON.stringify({ message_id: messageId });
    return this.#send({ id: `${this.#seq}:r${messageId}`, event: 'message-reset', data });
  }

  /** A model's answer: its text, and the tools that it asks for. */
  answer(messageId: string, text: string, calls: Record<string, [tool: string, args: string]> = {}): this {
    const parts = Object.entries(calls).map(
      ([call_id, [tool, args]]) => ({ type: 'tool-call', call_id, tool, arguments: args }) as const,
    );
    return this.emit('model-call-settled', {
      message_id: messageId,
      model: 'anthropic/claude-sonnet-5-5',
      parts: [...(text === '' ? [] : [{ type: 'text', text } as const]), ...parts],
      finish_reason: parts.length > 0 ? 'tool-calls' : 'stop',
      usage: { ...noUsage, input_tokens: 100, output_tokens: 20 },
      cost_micros: 1500,
      first_token_ms: 10,
      duration_ms: 20,
    });
  }

  /** The rules ask about a call, under an approval of the same id. */
  asksApproval(callId: string, tool: string): this {
    return this.emit('approval-requested', {
      approval_id: callId,
      call_id: callId,
      tool,
      reason: 'policy',
      arguments_hash: 'h',
      arguments_preview: '{"all":false,"path":"/tmp/x"}',
      policy_version: '1',
      needed_role: 'operator',
      labels: ['untrusted'],
      decisions: ['approve', 'deny'],
      expires_at: at,
    });
  }

  /** A person has decided. */
  decided(callId: string, decision: 'approve' | 'deny'): this {
    const data = { approval_id: callId, call_id: callId, decision, decided_by: 'ana' } as const;
    return this.emit('approval-decided', data);
  }

  /** A tool call that succeeded. */
  settle(callId: string, result: { tool: string; content: string; duration_ms: number }): this {
    return this.emit('tool-call-settled', { call_id: callId, outcome: 'succeeded', ...result });
  }

  succeed(text: string): void {
    this.#status = 'succeeded';
    this.#text = text;
    this.emit('run-succeeded', { text }).#end();
  }

  fail(message: string): void {
    this.#status = 'failed';
    this.emit('run-failed', { error: { code: 'model-unavailable', message } }).#end();
  }

  cancelled(): void {
    this.#status = 'cancelled';
    this.emit('run-cancelled', { reason: 'asked', cancelled_by: 'admin' }).#end();
  }

  waits(reason: 'input' | 'approval'): void {
    this.#status = 'waiting';
    this.emit('run-suspended', { waiting_for: reason });
  }

  /** Breaks every connection, as a lost network does. */
  cut(): void {
    for (const stream of this.#streams) stream.destroy();
  }

  view(): Run {
    return {
      id: this.id,
      session_id: this.sessionId,
      agent: this.body.agent,
      status: this.#status,
      ...(this.#status === 'waiting' ? { waiting_for: 'input' as const } : {}),
      output: this.#text === null ? null : { text: this.#text },
      usage: { ...noUsage, input_tokens: 100, output_tokens: 20 },
      cost_usd: 0.0015,
      turns: 1,
      metadata: {},
      created_at: at,
    };
  }

  /** Serves one stream, from behind the frame that the client has. */
  stream(response: ServerResponse, lastId: string | undefined): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('retry: 1\n\n');
    const after = this.#frames.findIndex((frame) => frame.id === lastId);
    for (const frame of this.#frames.slice(after + 1)) write(response, frame);
    if (this.#status === 'running' || this.#status === 'waiting') this.#streams.add(response);
    else response.end();
    response.on('close', () => this.#streams.delete(response));
  }

  #send(frame: Frame): this {
    this.#frames.push(frame);
    for (const stream of this.#streams) write(stream, frame);
    return this;
  }

  #end(): void {
    for (const stream of this.#streams) stream.end();
  }
}

function write(response: ServerResponse, { id, event, data }: Frame): void {
  response.write(`id: ${id}\nevent: ${event}\ndata: ${data}\n\n`);
}
