import { readySchema } from '@batuta/contract';
import type { Finding, Patient } from './finding.ts';

const answerWithinMs = 3000;

/** Whether the running platform does its background jobs; nothing where none runs, or where it tells nothing of them. */
export async function checkJobs({ context: { say }, url, running }: Patient): Promise<Finding[]> {
  const jobs = running ? await askForJobs(url) : undefined;
  if (jobs === undefined) return [];
  if (jobs === 'failing' || jobs === 'stopped') {
    const message = say('doctor.jobsFailing', { state: jobs });
    return [{ check: 'jobs', level: 'warning', message, mend: say('doctor.jobsMend') }];
  }
  return [{ check: 'jobs', level: 'ok', message: say('doctor.jobs', { state: jobs }) }];
}

async function askForJobs(url: string): Promise<string | undefined> {
  const response = await fetch(new URL('/ready', url), { signal: AbortSignal.timeout(answerWithinMs) });
  const read = readySchema.safeParse(await response.json());
  return read.success ? read.data.checks.jobs : undefined;
}
