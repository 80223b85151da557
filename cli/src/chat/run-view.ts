import type {
  ApprovalDecision,
  Event,
  EventData,
  EventKind,
  MessageReset,
  TextDelta,
} from '@batuta/contract';
import type { StreamItem } from '../connection/client.ts';
import { SafeText, safeLine, safeText } from '../terminal/safe-text.ts';
import type { Translate } from '../text/language.ts';
import { noticeOf } from './notice.ts';
import { RunTotals } from './run-totals.ts';
import type { Screen } from './screen.ts';
import { shortArguments, toolLine } from './tool-line.ts';

/** What a run wants from a person before it goes on. */
export type Wanted =
  | { kind: 'input'; options: readonly string[] }
  | { kind: 'approval'; approvalId: string; decisions: readonly ApprovalDecision[]; isCut: boolean };

/** How a run ended. */
export type Ending = 'succeeded' | 'failed' | 'cancelled';

/** A tool call that the model has asked for. */
interface Call {
  tool: string;
  arguments: string;
}

/**
 * Shows one run from its stream, and keeps what a conversation must know of it: what it wants from a person, how it ended,
 * and its last event.
 */
export class RunView {
  readonly totals = new RunTotals();
  wanted: Wanted | undefined;
  /** Set when the run waits because a budget must be raised, or its period must turn, before it can go on. */
  lacksBudget = false;
  ending: Ending | undefined;
  lastSeq = 0;
  readonly #screen: Screen;
  readonly #say: Translate;
  readonly #calls = new Map<string, Call>();
  #open: { callId: string; lines: string[]; wanted: Wanted }[] = [];
  #message: { id: string; received: number; safe: SafeText } | undefined;

  constructor(screen: Screen, say: Translate) {
    this.#screen = screen;
    this.#say = say;
  }

  take(item: StreamItem): void {
    switch (item.type) {
      case 'text-delta':
        return this.#delta(item.delta);
      case 'message-reset':
        return this.#reset(item.reset);
      case 'event':
        return this.#event(item.event);
    }
  }

  #delta(delta: TextDelta): void {
    if (this.#message?.id !== delta.message_id) {
      this.#screen.endAnswer();
      this.#message = { id: delta.message_id, received: 0, safe: new SafeText() };
    }
    this.#message.received += delta.text.length;
    this.#screen.answer(this.#message.safe.push(delta.text));
  }

  #reset(reset: MessageReset): void {
    if (this.#message?.id !== reset.message_id) return;
    this.#message = undefined;
    this.#screen.dropAnswer();
  }

  #event(event: Event): void {
    this.lastSeq = event.seq;
    this.totals.count(event);
    const notice = noticeOf(event, this.#say);
    if (notice !== undefined) this.#screen.notice(`· ${notice}`);
    if (event.kind === 'model-call-settled') this.#answered(event.data);
    if (event.kind === 'tool-call-settled') this.#toolEnded(event.data);
    if (event.kind === 'tool-call-progressed') this.#progressed(event.data);
    if (event.kind === 'input-requested') this.#asked(event.data);
    if (event.kind === 'approval-requested') this.#approvalAsked(event.data);
    this.#changed(event);
  }

  #changed(event: Event): void {
    const change = changes[event.kind];
    if (change !== undefined) Object.assign(this, change);
    if (event.kind === 'budget-reached') this.lacksBudget = event.data.on_limit === 'wait';
    this.#follow(event);
    if (event.kind === 'run-succeeded') this.#screen.result(safeText(event.data.text));
    if (event.kind === 'run-failed')
      this.#screen.important(this.#say('chat.failed', { message: safeLine(event.data.error.message) }));
    if (event.kind === 'run-cancelled') this.#screen.notice(this.#say('chat.cancelled'));
  }

  /** What is open, as the run goes on. */
  #follow(event: Event): void {
    if (event.kind === 'tool-call-settled') this.#closed(event.data.call_id);
    if (event.kind === 'approval-decided') {
      this.#closed(event.data.call_id);
      this.#want();
    }
    if (event.kind === 'run-suspended') this.#want();
    if (this.ending !== undefined) this.#open = [];
  }

  #answered(data: EventData<'model-call-settled'>): void {
    const text = data.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
    const received = this.#message?.id === data.message_id ? this.#message.received : 0;
    if (text.length > received)
      this.#delta({ message_id: data.message_id, offset: received, text: text.slice(received) });
    this.#screen.endAnswer();
    this.#message = undefined;
    for (const part of data.parts) {
      if (part.type === 'tool-call')
        this.#calls.set(part.call_id, { tool: part.tool, arguments: part.arguments });
    }
    this.#showWorking();
  }

  #toolEnded(data: EventData<'tool-call-settled'>): void {
    const call = this.#calls.get(data.call_id) ?? { tool: data.tool, arguments: '' };
    this.#calls.delete(data.call_id);
    this.#screen.notice(toolLine(call, data, this.#say));
    this.#showWorking();
  }

  #showWorking(): void {
    if (this.#calls.size === 0) return;
    const tools = [...this.#calls.values()].map((call) => safeLine(call.tool)).join(', ');
    this.#screen.status(this.#say('chat.tool', { tools }));
  }

  #progressed({ tool, message }: EventData<'tool-call-progressed'>): void {
    this.#screen.status(this.#say('chat.progress', { tool: safeLine(tool), message: safeLine(message) }));
  }

  #asked(data: EventData<'input-requested'>): void {
    const options = (data.options ?? []).map((option, index) => `  ${index + 1}. ${safeLine(option)}`);
    const lines = [this.#say('chat.question', { question: safeText(data.question) }), ...options];
    this.#open.push({ callId: data.call_id, lines, wanted: { kind: 'input', options: data.options ?? [] } });
    this.#want();
  }

  #approvalAsked(data: EventData<'approval-requested'>): void {
    const values = { tool: safeLine(data.tool), arguments: this.#argumentsOf(data) };
    const key = data.reason === 'policy' ? 'chat.approval' : 'chat.approvalUnknown';
    const labels = safeLine(data.labels.join(', '));
    const lines = [
      this.#say(key, values),
      ...(labels === '' ? [] : [this.#say('chat.approvalLabels', { labels })]),
      this.#say('chat.approvalHow', { decisions: data.decisions.join(', ') }),
    ];
    const { approval_id: approvalId, decisions } = data;
    const isCut = data.arguments_preview.endsWith('…');
    this.#open.push({
      callId: data.call_id,
      lines,
      wanted: { kind: 'approval', approvalId, decisions, isCut },
    });
    this.#want();
  }

  /** What a person must do next, one thing at a time: what is open is offered in the order in which it was asked. */
  #want(): void {
    const [next] = this.#open;
    if (this.wanted !== undefined || next === undefined) return;
    for (const line of next.lines) this.#screen.important(line);
    this.wanted = next.wanted;
  }

  /** It was given what it wanted: that is offered no more, whatever the stream still says of before. */
  satisfied(): void {
    this.#open = this.#open.filter(({ wanted }) => wanted !== this.wanted);
    this.wanted = undefined;
  }

  #closed(callId: string): void {
    this.#open = this.#open.filter((each) => each.callId !== callId);
  }

  /** Exactly what would run, as far as the event has it; one of an older program has nothing of it. */
  #argumentsOf(data: EventData<'approval-requested'>): string {
    if (data.arguments_preview !== '') return safeLine(data.arguments_preview);
    return shortArguments(this.#calls.get(data.call_id)?.arguments ?? '', 400);
  }
}

const changes: { readonly [K in EventKind]?: Partial<Pick<RunView, 'wanted' | 'lacksBudget' | 'ending'>> } = {
  'approval-decided': { wanted: undefined },
  'run-resumed': { wanted: undefined, lacksBudget: false },
  'run-retried': { wanted: undefined, ending: undefined },
  'run-succeeded': { wanted: undefined, ending: 'succeeded' },
  'run-failed': { wanted: undefined, ending: 'failed' },
  'run-cancelled': { wanted: undefined, ending: 'cancelled' },
};
