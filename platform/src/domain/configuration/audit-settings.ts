import { integer, text } from './setting.ts';

/** The audit log. */
export const auditSettings = {
  anchorMinutes: integer({
    variable: 'BATUTA_AUDIT_ANCHOR_MINUTES',
    about:
      'Minutes after which the end of a grown chain of the audit log is told to the log of the process and to webhooks (audit-anchored); 0: never.',
    default: 15,
    min: 0,
    max: 10_080,
  }),
  archiveFolder: text({
    variable: 'BATUTA_AUDIT_ARCHIVE_FOLDER',
    about:
      'Folder for what retention cuts away of the audit log, as JSON lines; without it nothing of that is kept.',
    range: 'a path',
  }),
};
