import { codeOf, reasonOf } from '../failure.ts';
import type { Finding, Patient } from './finding.ts';

/** Whether the database can be reached, is not held by a stranger, and is migrated. */
export async function checkDatabase(patient: Patient): Promise<Finding> {
  const { context, platform, project, url, running } = patient;
  const { say } = context;
  try {
    const report = await platform.inspectDatabase(project);
    const { description: database } = report;
    if (report.pending.length === 0)
      return {
        check: 'database',
        level: 'ok',
        message: say('doctor.database', { database, number: report.found }),
      };
    if (report.found === 0)
      return { check: 'database', level: 'ok', message: say('doctor.databaseNew', { database }) };
    return {
      check: 'database',
      level: 'warning',
      message: say('doctor.databasePending', { database, count: report.pending.length }),
      mend: say('doctor.databasePendingMend'),
    };
  } catch (error) {
    // The embedded database belongs to one process; that this is the project's own platform is how it should be.
    if (running && codeOf(error) === 'data-directory-locked')
      return { check: 'database', level: 'ok', message: say('doctor.databaseInUse', { url }) };
    const mend = codeOf(error) === 'database-unreachable' ? { mend: say('doctor.databaseMend') } : {};
    return { check: 'database', level: 'problem', message: reasonOf(error), ...mend };
  }
}
