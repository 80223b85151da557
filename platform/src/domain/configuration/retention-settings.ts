import { integer } from './setting.ts';

function days(variable: string, about: string, byDefault: number) {
  return integer({ variable, about, default: byDefault, min: 0, max: 36_500 });
}

/** How long things are kept that are over. Days; 0: for ever. */
export const retentionSettings = {
  sessionDays: days(
    'BATUTA_RETENTION_SESSION_DAYS',
    'Days after its last run for which a session is kept, with its runs, events, files and approvals; 0: for ever.',
    0,
  ),
  ledgerDays: days(
    'BATUTA_RETENTION_LEDGER_DAYS',
    'Days for which each movement of money is kept; then they are added up by day; 0: for ever.',
    400,
  ),
  budgetDays: days(
    'BATUTA_RETENTION_BUDGET_DAYS',
    'Days for which it is kept what budgets held and of what they alerted in days and months that are over; 0: for ever.',
    400,
  ),
  definitionDays: days(
    'BATUTA_RETENTION_DEFINITION_DAYS',
    'Days for which a version of an agent is kept that no run refers to any more; 0: for ever.',
    30,
  ),
  auditDays: days(
    'BATUTA_RETENTION_AUDIT_DAYS',
    'Days for which entries of the audit log are kept; then whole segments of its chain are verified and cut away; 0: for ever.',
    0,
  ),
  accessDays: days(
    'BATUTA_RETENTION_ACCESS_DAYS',
    'Days for which keys, links and browser sessions are kept after they have expired or were revoked; 0: for ever.',
    90,
  ),
};
