import type {
  ExplainPolicy,
  JsonObject,
  JsonValue,
  PolicyExplanation,
  PolicyPage,
  Role,
  TaintLabel,
} from '@batuta/contract';
import { InvalidArgumentError } from 'commander';
import { type CommandContext, exitCodes } from '../command-context.ts';
import { withClient } from '../connection/with-client.ts';
import { numberOption } from '../program/number-option.ts';
import { writeText } from '../terminal/io.ts';
import { safeLine } from '../terminal/safe-text.ts';
import { renderTable } from '../terminal/table.ts';

/** Options of `batuta policy list`. */
export interface PolicyListOptions {
  agent?: string;
  limit: string;
}

/** Options of `batuta policy explain`. */
export interface ExplainOptions {
  agent: string;
  tool: string;
  args?: string;
  role?: Role;
  taint?: string;
  at?: string;
}

type Reference = PolicyExplanation['rule'];

/** `batuta policy`: the rules in force. */
export async function listPolicies(context: CommandContext, options: PolicyListOptions): Promise<number> {
  const { io, say } = context;
  const limit = numberOption({ name: '--limit', value: options.limit, least: 1, most: 200 }, say);
  const agent = options.agent === undefined ? {} : { agent: options.agent };
  const page = await withClient(context, (client) => client.listPolicies({ ...agent, limit }));
  await writeText(io.output, context.options.json ? `${JSON.stringify(page)}\n` : policyTable(context, page));
  if (page.next_cursor !== null && !context.options.json)
    io.error.write(`${context.errorStyle.dim(say('table.more'))}\n`);
  return exitCodes.done;
}

function policyTable(context: CommandContext, { items }: PolicyPage): string {
  const { io, say, style } = context;
  const titles = [say('table.rule'), say('table.source'), say('table.agents'), say('table.place')];
  const rows = items.map((entry) => [
    entry.source === 'taint' ? `${entry.effect}: ${entry.name}` : entry.name,
    entry.source,
    entry.agents?.join(', ') ?? say('policy.everyAgent'),
    placeOf(context, entry),
  ]);
  return renderTable({ titles, rows }, { columns: io.output.columns, style });
}

/** `batuta policy explain`: what the rules say about a call, and why. */
export async function explainPolicy(context: CommandContext, options: ExplainOptions): Promise<number> {
  const call = callOf(context, options);
  const explanation = await withClient(context, (client) => client.explainPolicy(call));
  const text = context.options.json ? JSON.stringify(explanation) : sentences(context, explanation);
  await writeText(context.io.output, `${text}\n`);
  return exitCodes.done;
}

function sentences(context: CommandContext, explanation: PolicyExplanation): string {
  const { say, style } = context;
  const { effect, rule, reason, approver, also, not_holding: notHolding } = explanation;
  return [
    style.bold(say(`policy.${effect}`)),
    say('policy.decides', { rule: ruleText(context, rule) }),
    say('policy.reason', { reason: safeLine(reason).replace(/\.$/, '') }),
    ...(effect === 'ask' ? [say('policy.approver', { role: approver ?? 'operator' })] : []),
    ...also.map((each) => say('policy.also', { rule: ruleText(context, each) })),
    ...notHolding.map((each) => style.dim(say('policy.notHolding', { rule: ruleText(context, each) }))),
  ].join('\n');
}

/** `deny: shell (policies/house.yaml:7)`. */
export function ruleText(context: CommandContext, rule: Reference): string {
  return safeLine(`${rule.name} (${placeOf(context, rule)})`);
}

function placeOf({ say }: CommandContext, { source, file, line }: Reference): string {
  if (file !== null) return line === null ? file : `${file}:${line}`;
  if (source === 'default' || source === 'taint') return say('policy.builtIn');
  return source === 'tenant' ? say('policy.tenant') : source;
}

function callOf(context: CommandContext, options: ExplainOptions): ExplainPolicy {
  const { agent, tool, role, at } = options;
  const { say } = context;
  const isZoned = at === undefined || /T.*(?:Z|[+-]\d\d:\d\d)$/.test(at);
  if (!isZoned) throw refusal(context, { name: '--at', value: at, expected: say('policy.badTime') });
  return {
    agent,
    tool,
    arguments: argumentsOf(context, options.args),
    taint: labelsOf(context, options.taint),
    ...(role === undefined ? {} : { role }),
    ...(at === undefined ? {} : { at }),
  };
}

function refusal(
  { say }: CommandContext,
  fault: { name: string; value: string; expected: string },
): InvalidArgumentError {
  return new InvalidArgumentError(say('usage.invalidValue', fault));
}

function argumentsOf(context: CommandContext, text: string | undefined): JsonObject {
  const input = text === undefined ? {} : parseObject(text);
  if (input) return input;
  const expected = context.say('policy.badJson', { example: '\'{"path":"a.txt"}\'' });
  throw refusal(context, { name: '--args', value: text ?? '', expected });
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as JsonValue;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function labelsOf(context: CommandContext, text: string | undefined): TaintLabel[] {
  const labels = text === undefined ? [] : text.split(',').map((label) => label.trim());
  if (labels.every(isLabel)) return labels;
  throw refusal(context, { name: '--taint', value: text ?? '', expected: context.say('policy.badLabel') });
}

function isLabel(text: string): text is TaintLabel {
  return text === 'untrusted' || text === 'private';
}
