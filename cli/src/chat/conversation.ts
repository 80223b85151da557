import { isEnded } from '../connection/run-status.ts';
import type { Client } from '../connection/client.ts';
import { exitCodes } from '../command-context.ts';
import { formatCost, formatDuration } from '../terminal/quantity.ts';
import type { Translate } from '../text/language.ts';
import { ActiveRun } from './active-run.ts';
import type { Lines } from './lines.ts';
import { RunView } from './run-view.ts';
import type { Screen } from './screen.ts';
import { parseSlashCommand, type SlashCommand } from './slash-command.ts';
import { dialogOf, takeLines } from './take-lines.ts';

/** What a conversation is held with. */
export interface ConversationParts {
  client: Client;
  lines: Lines;
  screen: Screen;
  say: Translate;
  url: string;
  agent: string;
  sessionId?: string | undefined;
  /** An error in one line, ready to be shown. */
  explain(error: unknown): string;
}

/**
 * A conversation with one agent. States:
 * - idle: the next line starts a run, or is a command
 * - working: a run is followed. Lines steer it; when it wants an answer or a decision, the next line is that
 * - leaving: by the end of the input, `/exit`, or a second interrupt; a run goes on without us
 */
export class Conversation {
  readonly parts: ConversationParts;
  sessionId: string | undefined;
  runId: string | undefined;
  exitCode: number = exitCodes.done;
  readonly #leaving = new AbortController();
  #lastSeq = 0;
  #active: ActiveRun | undefined;
  #idleInterrupts = 0;
  #backlog: string[] = [];

  constructor(parts: ConversationParts) {
    this.parts = parts;
    this.sessionId = parts.sessionId;
  }

  /** Talks until somebody leaves. Gives the exit code. */
  async talk(): Promise<number> {
    await this.#attempt(() => this.#takeUp());
    while (!this.#leaving.signal.aborted) {
      const line = this.#backlog.shift() ?? (await this.#nextLine());
      if (line === undefined) break;
      this.#idleInterrupts = 0;
      await this.#attempt(() => this.#said(line));
    }
    return this.exitCode;
  }

  /** The first interrupt cancels what is running, the second one leaves. A termination leaves at once. */
  interrupt(signal: 'SIGINT' | 'SIGTERM'): void {
    const active = this.#active;
    if (signal === 'SIGTERM' || active?.cancelling) return this.leave(exitCodes.interrupted);
    if (active !== undefined) return void this.cancel(active);
    this.#idleInterrupts += 1;
    if (!this.parts.lines.interactive || this.#idleInterrupts > 1) return this.leave(exitCodes.interrupted);
    this.remark(this.parts.say('chat.idleInterrupt'));
  }

  /** Ends the conversation. A run that is not ended goes on. */
  leave(code: number = this.exitCode): void {
    this.exitCode = code;
    this.#leaving.abort();
    this.#active?.leave.abort();
  }

  /** A line that could not reach the run any more is said after it. */
  postpone(line: string): void {
    this.#backlog.push(line);
  }

  async cancel(active: ActiveRun): Promise<void> {
    active.cancelling = true;
    this.remark(this.parts.say('chat.cancelling'));
    await this.#attempt(() => this.parts.client.cancelRun(active.id));
  }

  /** Shows a remark; a prompt that stands is put below it. */
  remark(line: string): void {
    this.parts.screen.notice(line);
    this.prompt();
  }

  /** Shows an error; a prompt that stands is put below it. */
  complain(error: unknown): void {
    this.parts.screen.important(this.parts.explain(error));
    this.prompt();
  }

  /** Puts the prompt below what was said last. */
  prompt(): void {
    if (this.#active === undefined) this.parts.lines.show('› ');
    else if (this.#active.view.wanted !== undefined) this.parts.lines.show('? ');
    else this.parts.lines.hide();
  }

  /** Commands that work at any time. */
  async command(command: SlashCommand): Promise<void> {
    const { say, agent, url } = this.parts;
    switch (command.name) {
      case 'help':
        return this.remark(say('chat.help'));
      case 'session':
        if (this.sessionId === undefined) return this.remark(say('chat.noSession'));
        return this.remark(
          say('chat.session', { session: this.sessionId, agent, url, event: this.#lastSeq }),
        );
      case 'exit':
        return this.leave();
      case 'cancel':
        if (this.#active === undefined) return this.remark(say('chat.nothingToCancel'));
        return this.cancel(this.#active);
      case 'unknown':
        return this.remark(say('chat.unknownCommand', { command: command.typed }));
      default:
        return this.#active === undefined
          ? this.#changeSession(command)
          : this.remark(say('chat.notWhileWorking'));
    }
  }

  async #changeSession(command: SlashCommand): Promise<void> {
    const { say, client } = this.parts;
    if (command.name === 'new') {
      this.sessionId = undefined;
      this.#lastSeq = 0;
      return this.remark(say('chat.newSession'));
    }
    if (command.name !== 'fork' || command.at === undefined) return this.remark(say('chat.forkUsage'));
    if (this.sessionId === undefined) return this.remark(say('chat.forkEmpty'));
    const session = await client.forkSession(this.sessionId, command.at);
    this.sessionId = session.id;
    this.#lastSeq = command.at;
    this.remark(say('chat.forked', { session: session.id, event: command.at }));
  }

  async #nextLine(): Promise<string | undefined> {
    this.parts.lines.show('› ');
    return this.parts.lines.next(this.#leaving.signal);
  }

  /** A session that is gone on with may have a run that has not ended. */
  async #takeUp(): Promise<void> {
    const { client, screen, say } = this.parts;
    if (this.sessionId === undefined) return;
    screen.notice(say('chat.continues', { session: this.sessionId }));
    const [last] = (await client.listRuns({ session_id: this.sessionId, limit: 1 })).items;
    if (last !== undefined && !isEnded(last.status)) await this.#follow(last.id);
  }

  async #said(line: string): Promise<void> {
    if (line.trim() === '') return;
    const command = parseSlashCommand(line);
    if (command !== undefined) return this.command(command);
    const accepted = await this.parts.client.createRun({
      agent: this.parts.agent,
      input: line,
      ...(this.sessionId === undefined ? {} : { session_id: this.sessionId }),
    });
    this.sessionId = accepted.session_id;
    await this.#follow(accepted.id);
  }

  async #follow(id: string): Promise<void> {
    const { client, lines, screen, say } = this.parts;
    const active = new ActiveRun(id, new RunView(screen, say));
    this.runId = id;
    this.#active = active;
    lines.hide();
    screen.status(say('chat.working'));
    const typing = takeLines(this, active);
    try {
      for await (const item of client.followRun(id, active.leave.signal)) {
        const before = active.view.wanted;
        active.view.take(item);
        if (active.noteWanted(before)) await this.#wantedChanged(active);
        if (active.view.ending !== undefined) break;
      }
    } finally {
      active.leave.abort();
      await typing;
      this.#active = undefined;
      this.#lastSeq = Math.max(this.#lastSeq, active.view.lastSeq);
    }
    this.#ended(active);
  }

  async #wantedChanged(active: ActiveRun): Promise<void> {
    const { wanted } = active.view;
    if (wanted === undefined) return this.parts.lines.hide();
    if (wanted.kind === 'approval' && this.parts.lines.interactive) {
      await this.#attempt(() => dialogOf(this, active, wanted).begin());
    }
    // What was typed meanwhile may have given it already.
    if (active.view.wanted === wanted) this.parts.lines.show('? ');
  }

  #ended({ view, cancelling }: ActiveRun): void {
    const { lines, screen } = this.parts;
    if (cancelling && !lines.interactive) return this.leave(exitCodes.interrupted);
    if (view.ending === 'failed' || view.ending === 'cancelled') this.#failed();
    if (lines.interactive && view.ending !== undefined) screen.notice(this.#footer(view));
  }

  #footer({ totals, lastSeq }: RunView): string {
    const cost = totals.costMicros === null ? '' : formatCost(totals.costMicros / 1e6);
    return this.parts.say('chat.footer', {
      tokens: totals.tokens,
      cost: cost === '' ? '' : `${cost}, `,
      turns: totals.turns,
      duration: formatDuration(totals.durationMs),
      event: lastSeq,
    });
  }

  /** What fails is told; a person may go on, and a pipe's exit code says it. */
  async #attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (this.#leaving.signal.aborted) return;
      this.complain(error);
      this.#failed();
    }
  }

  #failed(): void {
    if (!this.parts.lines.interactive && this.exitCode === exitCodes.done) this.exitCode = exitCodes.failed;
  }
}
