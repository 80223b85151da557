import type { ToolDetail } from '@batuta/contract';
import { type CommandContext, exitCodes } from '../command-context.ts';
import { withClient } from '../connection/with-client.ts';
import { displayWidth, pad } from '../terminal/display-width.ts';
import { writeText } from '../terminal/io.ts';
import { safeLine, safeText } from '../terminal/safe-text.ts';
import { ruleText } from './policy.ts';
import { effectOf } from './tools.ts';

/** `batuta tools show`: one tool whole, with what becomes of its calls. */
export async function showTool(context: CommandContext, name: string): Promise<number> {
  const tool = await withClient(context, (client) => client.getTool(name));
  const text = context.options.json ? `${JSON.stringify(tool)}\n` : render(context, tool);
  await writeText(context.io.output, text);
  return exitCodes.done;
}

function render(context: CommandContext, tool: ToolDetail): string {
  const { say, style } = context;
  return [
    style.bold(safeLine(tool.reference)),
    '',
    safeText(tool.description),
    '',
    ...facts(context, tool),
    '',
    ...agentLines(context, tool),
    '',
    style.dim(say('tools.arguments')),
    safeText(JSON.stringify(tool.input_schema, null, 2)),
    '',
  ].join('\n');
}

function facts(context: CommandContext, tool: ToolDetail): string[] {
  const { say, style } = context;
  const { standing, timeout_seconds: seconds, secrets, missing } = tool;
  const told: [string, string | null][] = [
    [say('tools.name'), tool.name],
    [say('tools.source'), tool.source ?? say('tools.own')],
    [say('tools.effect'), say(`tools.${effectOf(tool)}`)],
    [say('tools.traits'), traits(context, tool).join(', ') || null],
    [say('tools.seconds'), seconds === null ? null : `${seconds} s`],
    [say('tools.secrets'), secrets.join(', ') || null],
    [say('tools.missing'), missing],
    [say('tools.policy'), describeStanding(context, standing)],
    ['', standing.conditional ? say('tools.conditional') : null],
  ];
  const shown = told.flatMap(([label, value]) => (value === null ? [] : [{ label, value }]));
  const width = Math.max(...shown.map(({ label }) => displayWidth(label))) + 2;
  return shown.map(({ label, value }) => `${style.dim(pad(label, width))}${safeLine(value)}`);
}

function traits({ say }: CommandContext, tool: ToolDetail): string[] {
  return [
    ...(tool.undeclared ? [say('tools.undeclared')] : []),
    ...(tool.idempotent ? [say('tools.idempotent')] : []),
    ...(tool.open_world ? [say('tools.openWorld')] : []),
    ...(tool.confined ? [say('tools.confined')] : []),
    ...(tool.private_data ? [say('tools.privateData')] : []),
    ...(tool.untrusted ? [say('tools.untrusted')] : []),
  ];
}

function describeStanding(context: CommandContext, { effect, rule }: ToolDetail['standing']): string {
  return `${context.say(`tools.${effect}`)} · ${ruleText(context, rule)}`;
}

function agentLines(context: CommandContext, { agents }: ToolDetail): string[] {
  const { say, style } = context;
  if (agents.length === 0) return [say('tools.noAgents')];
  const lines = agents.map((each) => `  ${safeLine(each.agent)}: ${describeStanding(context, each)}`);
  return [style.dim(say('tools.agents')), ...lines];
}
