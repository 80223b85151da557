import type { RunningPlatform, StartReport } from '@batuta/platform';
import { type CommandContext, exitCodes } from '../command-context.ts';
import { locateProject, type ProjectLocation } from '../connection/locate-project.ts';
import { runningUrl } from '../connection/running-url.ts';
import { isAnswering } from '../connection/is-answering.ts';
import { isOwnPlatform } from '../connection/is-own-platform.ts';
import { codeOf } from '../failure.ts';
import { writeText } from '../terminal/io.ts';
import { renderReport } from './start-report.ts';
import { stayUntilInterrupted } from './stay.ts';

/** Where to listen, from the command line. */
export interface ListenOptions {
  host?: string;
  port?: string;
}

/** Settings that the command line overrides. */
export function listenOverrides(options: ListenOptions): Record<string, string> {
  return {
    ...(options.host === undefined ? {} : { 'server.host': options.host }),
    ...(options.port === undefined ? {} : { 'server.port': options.port }),
  };
}

/** `batuta start`: everything in one process, with a report for people. */
export async function start(context: CommandContext, options: ListenOptions): Promise<number> {
  const { io, say, errorStyle } = context;
  const platform = await begin(context, options);
  if (platform === undefined) return exitCodes.failed;
  // Listens for an interrupt before it says that one stops it.
  const stopped = stayUntilInterrupted(io, platform, () => {
    io.error.write(`${errorStyle.dim(say('start.stopping'))}\n`);
  });
  const [code] = await Promise.all([stopped, writeText(io.output, reportText(context, platform.report))]);
  io.error.write(`${errorStyle.dim(say('start.stopped'))}\n`);
  return code;
}

function reportText(context: CommandContext, report: StartReport): string {
  if (context.options.json) return `${JSON.stringify(report)}\n`;
  return renderReport(report, context);
}

/** A platform that is running already is the usual reason for a taken port: then say that instead. */
async function begin(context: CommandContext, options: ListenOptions): Promise<RunningPlatform | undefined> {
  const module = await context.loadPlatform();
  const project = {
    projectFolder: context.projectFolder,
    environment: context.io.environment,
    overrides: listenOverrides(options),
  };
  try {
    return await module.startPlatform({ ...project, role: 'all', log: 'readable' });
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'port-in-use' && code !== 'data-directory-locked') throw error;
    const place = await runningPlace(context, project.overrides);
    if (!(await isAnswering(place.url)) || !(await isOwnPlatform(context, place))) throw error;
    context.io.error.write(`${context.say('start.already', { url: place.url })}\n`);
    return undefined;
  }
}

async function runningPlace(
  context: CommandContext,
  overrides: Record<string, string>,
): Promise<ProjectLocation> {
  const place = await locateProject(context, overrides);
  return { ...place, url: await runningUrl(place) };
}
