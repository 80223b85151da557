import { describeAccept } from './accept.ts';
import { describeAnswers } from './answers.ts';
import { describeAccess } from './access.ts';
import { describeApprovals } from './approvals.ts';
import { describeArtifacts } from './artifacts.ts';
import { describeAudit } from './audit.ts';
import { describeClaim } from './claim.ts';
import { describeClaimFairness } from './claim-fairness.ts';
import { describeCommit } from './commit.ts';
import { describeFencing } from './fencing.ts';
import { describeMoney } from './money.ts';
import { describeMoneyProperties } from './money-properties.ts';
import { describeRowLevelSecurity } from './row-level-security.ts';
import { describeGrants } from './grants.ts';
import { describeSecrets } from './secrets.ts';
import { describeSessions } from './sessions.ts';
import { describeSignals } from './signals.ts';
import { describeTenants } from './tenants.ts';
import { describeUsage } from './usage.ts';
import { describeKeysAndUsers } from './keys-and-users.ts';
import { describeLastAdministrator } from './last-administrator.ts';
import { describeTenantRows } from './tenant-rows.ts';
import type { StoreFactory } from './store-factory.ts';

/** What every database must do behind the store ports. */
export function describeStores(open: StoreFactory): void {
  describeAccept(open);
  describeClaim(open);
  describeClaimFairness(open);
  describeCommit(open);
  describeFencing(open);
  describeSignals(open);
  describeSessions(open);
  describeMoney(open);
  describeMoneyProperties(open);
  describeApprovals(open);
  describeArtifacts(open);
  describeAccess(open);
  describeAnswers(open);
  describeUsage(open);
  describeAudit(open);
  describeSecrets(open);
  describeGrants(open);
  describeTenantRows(open);
  describeTenants(open);
  describeKeysAndUsers(open);
  describeLastAdministrator(open);
  describeRowLevelSecurity(open);
}
