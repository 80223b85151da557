import { exactText, type Approval, type JsonObject, exactJson } from '@batuta/contract';
import type { CommandContext } from '../command-context.ts';
import { displayWidth, pad } from '../terminal/display-width.ts';
import { formatMoment } from '../terminal/quantity.ts';
import { safeLine, safeText } from '../terminal/safe-text.ts';
import { describePattern } from './session-pattern.ts';

type Telling = Pick<CommandContext, 'say' | 'style'>;

/** One approval for people: its facts, then exactly what would run. Nothing of it is cut or hidden. */
export function renderApproval(approval: Approval, context: Telling): string {
  return `${[...facts(approval, context), '', ...substance(approval, context)].join('\n')}\n`;
}

function facts(approval: Approval, { say, style }: Telling): string[] {
  const all: [string, string | null][] = [
    [say('table.approval'), approval.id],
    [say('approval.state'), say(`approval.status.${approval.status}`)],
    [say('table.tool'), safeLine(approval.tool)],
    [say('table.decisions'), approval.status === 'pending' ? approval.decisions.join(', ') : null],
    [say('approval.run'), approval.run_id],
    [say('table.session'), approval.session_id],
    [say('approval.requestedBy'), lineOrNull(approval.requested_by)],
    [say('approval.role'), approval.needed_role],
    [say('approval.rule'), ruleOf(approval.rule)],
    [say('approval.why'), lineOrNull(approval.why)],
    [say('approval.labels'), approval.labels.length > 0 ? safeLine(approval.labels.join(', ')) : null],
    [say('table.created'), formatMoment(approval.created_at)],
    [say('approval.expires'), approval.expires_at === null ? null : formatMoment(approval.expires_at)],
    [say('approval.hash'), approval.arguments_hash],
    [say('approval.decidedBy'), decisionOf(approval)],
    [say('approval.reason'), lineOrNull(approval.decision_reason)],
  ];
  const shown = all.filter((fact): fact is [string, string] => fact[1] !== null);
  const width = Math.max(...shown.map(([label]) => displayWidth(label))) + 2;
  return shown.map(([label, value]) => `${style.dim(pad(label, width))}${value}`);
}

function decisionOf({ decision, decided_by: by, decided_at: at }: Approval): string | null {
  if (decision === null) return null;
  return `${decision}, ${safeLine(by ?? '')}, ${at === null ? '' : formatMoment(at)}`;
}

/** `ask: send_mail (policies/mail.yaml:7)`. */
function ruleOf(rule: Approval['rule']): string | null {
  if (rule === null) return null;
  const { name, source, file, line } = rule;
  const place = file === null ? source : `${file}${line === null ? '' : `:${line}`}`;
  return safeLine(`${name} (${place})`);
}

function lineOrNull(text: string | null): string | null {
  return text === null ? null : safeLine(text);
}

/** What would run, or what is asked; and what a person made of it. */
function substance(approval: Approval, { say }: Telling): string[] {
  if (approval.reason === 'question') return question(approval, say);
  const title = approval.reason === 'policy' ? say('approval.wouldRun') : say('approval.wasStarted');
  const lines = [title, exactText(approval.arguments, 2)];
  if (approval.edited_arguments !== null)
    lines.push('', say('approval.edited'), exactText(approval.edited_arguments, 2));
  if (approval.pattern !== null) {
    const tool = safeLine(approval.tool);
    lines.push('', say('approval.pattern', { tool }), ...describePattern(approval.pattern, say));
  }
  return lines;
}

function question(approval: Approval, say: Telling['say']): string[] {
  const options = (approval.options ?? []).map((option, index) => `  ${index + 1}. ${safeLine(option)}`);
  const asked = [say('approval.question'), safeText(approval.question ?? ''), ...options];
  return approval.answer === null
    ? asked
    : [...asked, '', say('approval.answered'), safeText(approval.answer)];
}

/** What an edit would run instead. */
export function renderEdit(edited: JsonObject, { say }: Telling): string {
  return `${say('approval.instead')}\n${exactJson(edited, 2)}\n`;
}
