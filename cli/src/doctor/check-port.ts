import { createServer } from 'node:net';
import { isOwnPlatform } from '../connection/is-own-platform.ts';
import { reasonOf } from '../failure.ts';
import type { Finding, Patient } from './finding.ts';

/** Whether the project's address is free, or its own platform listens there. */
export async function checkPort(patient: Patient): Promise<Finding> {
  const { context, configuration, running } = patient;
  const { say } = context;
  const { host, port } = configuration;
  if (running) return whose(patient);
  const refusal = await tryToListen(host, port);
  if (refusal === undefined) return { check: 'port', level: 'ok', message: say('doctor.portFree', { port }) };
  if (codeOfSystem(refusal) === 'EADDRINUSE') {
    const message = say('doctor.portTaken', { port });
    return { check: 'port', level: 'problem', message, mend: say('doctor.portMend') };
  }
  const message = say('doctor.portFailed', { host, port, reason: reasonOf(refusal) });
  return { check: 'port', level: 'problem', message, mend: say('doctor.portFailedMend') };
}

async function whose({ context, configuration, url }: Patient): Promise<Finding> {
  const { say } = context;
  if (await isOwnPlatform(context, { url, keyFile: configuration.keyFile }))
    return { check: 'port', level: 'ok', message: say('doctor.portOurs', { url }) };
  const message = say('doctor.portStrange', { url });
  return { check: 'port', level: 'problem', message, mend: say('doctor.portMend') };
}

/** Undefined when it worked. */
async function tryToListen(host: string, port: number): Promise<unknown> {
  const server = createServer();
  const outcome = Promise.withResolvers<unknown>();
  server.once('error', outcome.resolve);
  server.listen({ host, port, exclusive: true }, () => server.close(() => outcome.resolve(undefined)));
  return outcome.promise;
}

function codeOfSystem(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
