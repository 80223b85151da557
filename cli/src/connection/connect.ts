import type { RunningPlatform } from '@batuta/platform';
import type { CommandContext } from '../command-context.ts';
import { failure } from '../failure.ts';
import { safeLine } from '../terminal/safe-text.ts';
import type { Client, ClientTarget } from './client.ts';
import { adminKey, givenKey, projectKey } from './find-key.ts';
import { isAnswering } from './is-answering.ts';
import { locateProject } from './locate-project.ts';
import { runningUrl } from './running-url.ts';

/** A conversation outlives a short restart of its platform; a look at it shall fail at once. */
const patientTries = 5;

/** A way to a platform, to be closed at the end: a platform that was started for it stops then. */
export interface Connection {
  client: Client;
  url: string;
  key: string;
  close(): Promise<void>;
}

/** Connects to a running platform. Errors: `key-not-found`, `file-unreadable`. */
export async function connect(context: CommandContext, maxTries = 2): Promise<Connection> {
  const given = givenUrl(context);
  const key = await givenKey(context);
  if (given !== undefined && key !== undefined) return connectionTo(context, { url: given, key, maxTries });
  const project = await locateProject(context);
  const url = given ?? (await runningUrl(project));
  return connectionTo(context, { url, key: key ?? (await projectKey({ ...project, url })), maxTries });
}

/** Connects to the project's platform; starts one in this process when none runs and no address was given. */
export async function connectOrStart(context: CommandContext): Promise<Connection> {
  const url = givenUrl(context);
  if (url !== undefined) {
    if (!(await isAnswering(url)))
      throw await failure('server-unreachable', { url, reason: 'nothing answers' });
    return connect(context, patientTries);
  }
  const project = await locateProject(context);
  return (await isAnswering(await runningUrl(project))) ? connect(context, patientTries) : startHere(context);
}

function givenUrl(context: CommandContext): string | undefined {
  return context.options.url ?? (context.io.environment['BATUTA_URL'] || undefined);
}

async function connectionTo(context: CommandContext, target: ClientTarget): Promise<Connection> {
  return {
    url: target.url,
    key: target.key,
    client: await context.makeClient(target),
    close: async () => undefined,
  };
}

async function startHere(context: CommandContext): Promise<Connection> {
  const module = await context.loadPlatform();
  const platform = await module.startPlatform({
    projectFolder: context.projectFolder,
    environment: context.io.environment,
    // Whoever leaves a conversation does not wait long for a run that goes on later anyway.
    overrides: { 'server.host': '127.0.0.1', 'server.port': '0', 'server.shutdown_seconds': '2' },
    role: 'all',
    log: 'silent',
  });
  context.io.error.write(`${context.errorStyle.dim(startedLine(context, platform))}\n`);
  const url = platform.url ?? '';
  const file = platform.report.keyFile ?? '';
  const key = (await adminKey(context.io.environment)) ?? (await projectKey({ url, keyFile: file }));
  return { url, key, client: await context.makeClient({ url, key }), close: () => platform.stop() };
}

function startedLine(context: CommandContext, platform: RunningPlatform): string {
  const { database, chosenModel } = platform.report;
  return context.say('start.inProcess', {
    database: safeLine(database.description),
    model: safeLine(chosenModel),
  });
}
