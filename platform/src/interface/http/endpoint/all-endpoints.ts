import type { Endpoint } from '../endpoint.ts';
import { agentEndpoints } from './agent-endpoints.ts';
import { approvalLinkEndpoints } from './approval-link-endpoints.ts';
import { approvalEndpoints } from './approval-endpoints.ts';
import { artifactEndpoints } from './artifact-endpoints.ts';
import { auditEndpoints } from './audit-endpoints.ts';
import { authorizationEndpoints } from './authorization-endpoints.ts';
import { backupEndpoints } from './backup-endpoints.ts';
import { browserEndpoints } from './browser-endpoints.ts';
import { budgetEndpoints } from './budget-endpoints.ts';
import { errorEndpoints } from './error-endpoints.ts';
import { healthEndpoints } from './health-endpoints.ts';
import { mcpEndpoints } from './mcp-endpoints.ts';
import { limitEndpoints } from './limit-endpoints.ts';
import { loginEndpoints } from './login-endpoints.ts';
import { oidcEndpoints } from './oidc-endpoints.ts';
import { policyEndpoints } from './policy-endpoints.ts';
import { runEndpoints } from './run-endpoints.ts';
import { keyEndpoints } from './key-endpoints.ts';
import { userEndpoints } from './user-endpoints.ts';
import { secretEndpoints } from './secret-endpoints.ts';
import { scheduleEndpoints } from './schedule-endpoints.ts';
import { sessionEndpoints } from './session-endpoints.ts';
import { tenantEndpoints } from './tenant-endpoints.ts';
import { terminalEndpoints } from './terminal-endpoints.ts';
import { toolEndpoints } from './tool-endpoints.ts';
import { webhookEndpoints } from './webhook-endpoints.ts';
import { usageEndpoints } from './usage-endpoints.ts';

/** Every endpoint but the pages that are made from this list. */
export const allEndpoints: readonly Endpoint[] = [
  ...runEndpoints,
  ...sessionEndpoints,
  ...browserEndpoints,
  ...terminalEndpoints,
  ...agentEndpoints,
  ...toolEndpoints,
  ...approvalEndpoints,
  ...budgetEndpoints,
  ...approvalLinkEndpoints,
  ...policyEndpoints,
  ...artifactEndpoints,
  ...auditEndpoints,
  ...usageEndpoints,
  ...secretEndpoints,
  ...backupEndpoints,
  ...userEndpoints,
  ...keyEndpoints,
  ...tenantEndpoints,
  ...limitEndpoints,
  ...webhookEndpoints,
  ...scheduleEndpoints,
  ...authorizationEndpoints,
  ...healthEndpoints,
  ...loginEndpoints,
  ...oidcEndpoints,
  ...mcpEndpoints,
  ...errorEndpoints,
];
