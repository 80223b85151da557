import type { Finding, Patient } from './finding.ts';

/** Which models were found, and whether one of them is a language model. */
export async function checkModels({ context, platform, project }: Patient): Promise<Finding> {
  const { say } = context;
  const models = await platform.inspectModels(project);
  const [first] = models;
  const language = models.filter((model) => !model.reference.startsWith('offline/'));
  if (first === undefined || language.length === 0) {
    const message = say('doctor.offline', { model: first?.reference ?? 'offline/extractive' });
    return { check: 'models', level: 'warning', message, mend: say('doctor.offlineMend') };
  }
  const values = { count: language.length, model: first.reference, reason: first.reason };
  return { check: 'models', level: 'ok', message: say('doctor.models', values) };
}
