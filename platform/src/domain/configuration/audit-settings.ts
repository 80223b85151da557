import { integer } from './setting.ts';

/** The audit log. */
export const auditSettings = {
  anchorMinutes: integer({
    variable: 'BATUTA_AUDIT_ANCHOR_MINUTES',
    about:
      'How often the end of each chain of the audit log that has grown is written to the log of the process, where it is kept out of reach of the database; 0: never.',
    default: 15,
    min: 0,
    max: 10_080,
  }),
};
