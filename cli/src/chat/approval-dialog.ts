import { exactText, type Approval, type ArgumentPattern, type DecideApproval } from '@batuta/contract';
import { readArguments } from '../approval/read-arguments.ts';
import { describePattern, inputOf, readNames, widenedPattern } from '../approval/session-pattern.ts';
import type { Client } from '../connection/client.ts';
import { safeLine } from '../terminal/safe-text.ts';
import type { Translate } from '../text/language.ts';
import { decisionOf } from './active-run.ts';
import type { Wanted } from './run-view.ts';

type Asked = Extract<Wanted, { kind: 'approval' }>;

/** What a dialog about one approval is held with. */
export interface ApprovalDialogParts {
  client: Pick<Client, 'getApproval'>;
  say: Translate;
  /** Shows a line that a person must read. */
  tell: (line: string) => void;
}

/**
 * A person decides about one approval, line by line. States:
 * - asked: a key or a word decides, or leads to one of the others
 * - editing: the next line is the arguments as JSON, which approve at once; anything else goes back
 * - confirming: a pattern for the session is shown; the key for yes approves, names widen the pattern, anything else goes back
 */
export class ApprovalDialog {
  readonly approvalId: string;
  readonly #asked: Asked;
  readonly #parts: ApprovalDialogParts;
  #state: { name: 'asked' | 'editing' } | { name: 'confirming'; free: string[]; pattern: ArgumentPattern } = {
    name: 'asked',
  };
  #approval: Approval | undefined;

  constructor(asked: Asked, parts: ApprovalDialogParts) {
    this.approvalId = asked.approvalId;
    this.#asked = asked;
    this.#parts = parts;
  }

  /** Says what can be typed; what would run is shown whole where the stream had only its beginning. */
  async begin(): Promise<void> {
    if (this.#asked.isCut) this.#parts.tell(exactText((await this.#load()).arguments, 2));
    this.#offer();
  }

  /** Takes a typed line: the decision that it makes, if it makes one. */
  async take(line: string): Promise<DecideApproval | undefined> {
    switch (this.#state.name) {
      case 'asked':
        return this.#choose(line.trim());
      case 'editing':
        return this.#edit(line);
      case 'confirming':
        return this.#confirm(line.trim(), this.#state);
    }
  }

  async #choose(line: string): Promise<DecideApproval | undefined> {
    const { decisions } = this.#asked;
    if (decisions.includes('approve')) {
      const { say } = this.#parts;
      if (isKey(line, say('chat.approvalEdit'))) return this.#beginEdit();
      if (isKey(line, say('chat.approvalSession'))) return this.#showPattern([]);
      if (isKey(line, say('chat.approvalYes'))) return { decision: 'approve' };
    }
    const decision = decisionOf(line, decisions);
    if (decision !== undefined) return { decision };
    return this.#denial(line) ?? this.#offer();
  }

  /** A no, and why. */
  #denial(line: string): DecideApproval | undefined {
    const [word = '', ...rest] = line.split(/\s+/);
    const isNo = isKey(word, this.#parts.say('chat.approvalNo')) || decisionOf(word, ['deny']) === 'deny';
    if (!isNo || !this.#asked.decisions.includes('deny')) return undefined;
    const reason = rest.join(' ').slice(0, 500);
    return { decision: 'deny', ...(reason === '' ? {} : { reason }) };
  }

  #beginEdit(): undefined {
    this.#state = { name: 'editing' };
    this.#parts.tell(this.#parts.say('chat.approvalEditHow'));
    return undefined;
  }

  #edit(line: string): DecideApproval | undefined {
    this.#state = { name: 'asked' };
    const read = readArguments(line);
    if (read.ok) return { decision: 'approve', arguments: read.value };
    this.#parts.tell(this.#parts.say('usage.editNotJson', { reason: safeLine(read.reason) }));
    this.#offer();
    return undefined;
  }

  #confirm(
    line: string,
    { free, pattern }: { free: string[]; pattern: ArgumentPattern },
  ): DecideApproval | undefined | Promise<undefined> {
    const { say } = this.#parts;
    this.#state = { name: 'asked' };
    if (isKey(line, say('chat.approvalYes'))) return { decision: 'approve', for_session: { pattern } };
    const names = readNames(line);
    if (names.length > 0 && names.every((name) => Object.hasOwn(pattern, name)))
      return this.#showPattern([...new Set([...free, ...names])]);
    this.#offer();
    return undefined;
  }

  async #showPattern(free: string[]): Promise<undefined> {
    const { say, tell } = this.#parts;
    const widened = widenedPattern(inputOf(await this.#load(), undefined), free);
    if (!('pattern' in widened)) return undefined;
    const { pattern } = widened;
    this.#state = { name: 'confirming', free, pattern };
    tell(say('approval.pattern', { tool: safeLine((await this.#load()).tool) }));
    for (const line of describePattern(pattern, say)) tell(line);
    tell(say('chat.approvalSessionHow', { yes: say('chat.approvalYes') }));
    return undefined;
  }

  async #load(): Promise<Approval> {
    this.#approval ??= await this.#parts.client.getApproval(this.approvalId);
    return this.#approval;
  }

  #offer(): undefined {
    const { say, tell } = this.#parts;
    const { decisions } = this.#asked;
    if (!decisions.includes('approve')) {
      tell(say('chat.approvalHow', { decisions: decisions.join(', ') }));
      return undefined;
    }
    tell(
      say('chat.approvalKeys', {
        yes: say('chat.approvalYes'),
        no: say('chat.approvalNo'),
        edit: say('chat.approvalEdit'),
        session: say('chat.approvalSession'),
      }),
    );
    return undefined;
  }
}

function isKey(typed: string, key: string): boolean {
  return typed.toLowerCase() === key;
}
