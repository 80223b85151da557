import type { McpTool } from './mcp-tool.ts';
import { agentTools } from './tool/agent-tools.ts';
import { approvalTools } from './tool/approval-tools.ts';
import { artifactTools } from './tool/artifact-tools.ts';
import { handTools } from './tool/hand-tools.ts';
import { runTools } from './tool/run-tools.ts';
import { scheduleTools } from './tool/schedule-tools.ts';
import { sessionTools } from './tool/session-tools.ts';
import { usageTools } from './tool/usage-tools.ts';

/** Every tool that clients can call. */
export const allTools: readonly McpTool[] = [
  ...agentTools,
  ...runTools,
  ...handTools,
  ...sessionTools,
  ...approvalTools,
  ...artifactTools,
  ...scheduleTools,
  ...usageTools,
];
