import { sep } from 'node:path';
import type { StartReport } from '@batuta/platform';
import type { CommandContext } from '../command-context.ts';
import { displayWidth, pad } from '../terminal/display-width.ts';
import { formatDuration } from '../terminal/quantity.ts';
import { safeLine } from '../terminal/safe-text.ts';

type Row = [label: string, ...lines: string[]];

type ReportContext = Pick<CommandContext, 'say' | 'style' | 'io'>;

/** What `batuta start` prints when it is ready. */
export function renderReport(report: StartReport, context: ReportContext): string {
  const { say, style } = context;
  const title = say('start.ready', {
    version: report.version,
    duration: formatDuration(report.startedInMs),
  });
  const rows = reportRows(report, context);
  const width = Math.max(...rows.map(([label]) => displayWidth(label))) + 2;
  const lines = rows.flatMap(([label, ...values]) =>
    values.map((value, index) => `  ${style.dim(pad(index === 0 ? label : '', width))}${value}`),
  );
  const problems = report.problems.map((problem) => `  ${style.yellow('!')} ${safeLine(problem)}`);
  const agent = talkingAgent(report);
  const talk = agent === undefined ? [] : [`  ${say('start.talk', { agent })}`];
  const closing = [...talk, `  ${style.dim(say('start.howToStop'))}`];
  const blocks = [[style.bold(title)], lines, problems, closing].filter((block) => block.length > 0);
  return `${blocks.map((block) => block.join('\n')).join('\n\n')}\n`;
}

function talkingAgent({ agents }: StartReport): string | undefined {
  return (agents.find((agent) => agent.name === 'assistant') ?? agents[0])?.name;
}

/** Paths below the folder in which the command was typed are written as seen from there. */
function nearby(text: string, { io }: Pick<CommandContext, 'io'>): string {
  return io.folder === sep ? text : text.replaceAll(`${io.folder}${sep}`, '');
}

function reportRows(report: StartReport, context: ReportContext): Row[] {
  const { say, style } = context;
  const { description, migrated, state } = report.database;
  const rows: Row[] = [];
  if (report.url !== null) rows.push([say('start.address'), style.bold(report.url)]);
  if (report.loginUrl !== null)
    rows.push([say('start.login'), `${report.loginUrl}  ${style.dim(`(${say('start.loginOnce')})`)}`]);
  rows.push([
    say('start.database'),
    `${safeLine(nearby(description, context))}: ${safeLine(state)}, ${say('start.migration', { number: migrated })}`,
  ]);
  rows.push([say('start.models'), ...modelLines(report, context)]);
  rows.push([say('start.agents'), report.agents.map((agent) => agent.name).join(', ') || say('start.none')]);
  if (report.worker !== null)
    rows.push([
      say('start.worker'),
      say('start.workerRuns', { count: report.worker.concurrency, process: report.processId }),
    ]);
  if (report.keyFile !== null) rows.push([say('start.key'), nearby(report.keyFile, context)]);
  return rows;
}

function modelLines(report: StartReport, context: Pick<CommandContext, 'say' | 'style'>): string[] {
  const { say, style } = context;
  if (report.models.length === 0) return [say('start.none')];
  const width = Math.max(...report.models.map((model) => displayWidth(model.reference))) + 2;
  return report.models.map((model) => {
    const chosen =
      model.reference === report.chosenModel ? `${style.green(`← ${say('start.chosen')}`)}  ` : '';
    return `${pad(safeLine(model.reference), width)}${chosen}${style.dim(safeLine(model.reason))}`;
  });
}
