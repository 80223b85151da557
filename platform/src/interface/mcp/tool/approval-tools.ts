import {
  approvalIdSchema,
  approvalPageSchema,
  approvalSchema,
  BatutaError,
  decideApprovalSchema,
  plainLine,
  runIdSchema,
  sessionIdSchema,
  type Approval,
} from '@batuta/contract';
import { z } from 'zod';
import type { McpCall, PersonalQuestion } from '../mcp-caller.ts';
import { acts, defineMcpTool, pageFields, reads, type McpTool } from '../mcp-tool.ts';

/** Characters of the arguments that a person is shown before they agree. */
const shownArguments = 2_000;

const listApprovals = defineMcpTool({
  name: 'list_approvals',
  title: 'List approvals',
  description:
    'Lists what waits, or waited, for a person: calls to approve, unknown outcomes, questions of runs. Newest first.',
  scope: 'approvals:read',
  annotations: reads,
  input: z.strictObject({
    pending: z.boolean().default(true).describe('Only those that wait for a decision.'),
    run_id: runIdSchema.optional(),
    session_id: sessionIdSchema.optional(),
    tool: z.string().min(1).max(128).optional(),
    ...pageFields,
  }),
  output: approvalPageSchema,
  run: async (filter, { application, identity }) => ({
    ...(await application.approvals.list(identity, filter)),
  }),
});

const { arguments: edited, for_session: _, ...decisionFields } = decideApprovalSchema.shape;

/**
 * A decision is a person's. Whoever calls this tool is a model as a rule, so the client must put the question to its person, in a form
 * that no model fills in; a client that cannot is refused. Grants for a whole session are not given here: their pattern is too easily
 * agreed to unread.
 */
const decideApproval = defineMcpTool({
  name: 'decide_approval',
  title: 'Decide an approval',
  description:
    'Decides an approval, once. Your person is asked to confirm by your client; a client that cannot ask them cannot decide.',
  scope: 'approvals:write',
  annotations: { ...acts, destructiveHint: true },
  input: z.strictObject({ approval_id: approvalIdSchema, ...decisionFields, arguments: edited }),
  output: approvalSchema,
  target: ({ approval_id }) => approval_id,
  async ask(input, call) {
    if (call.answer === 'agreed') return null;
    const { approval_id: id } = input;
    if (call.answer === 'declined') throw new BatutaError('mcp-decision-declined', { id });
    if (call.answer === 'impossible') throw new BatutaError('mcp-decision-unconfirmed', { id });
    const approval = await call.application.approvals.get(call.identity, id);
    return question(approval, input);
  },
  async run({ approval_id: id, ...body }, { application, identity }: McpCall) {
    const decision = decideApprovalSchema.parse(body);
    return { ...(await application.approvals.decide(identity, id, decision)) };
  },
});

type Decision = z.input<typeof decideApprovalSchema>;

/** What would run, as the person sees it. */
function question(approval: Approval, { decision, arguments: changed, answer }: Decision): PersonalQuestion {
  const call = approval.question ?? `${approval.tool} ${approval.arguments}`;
  const lines = [
    `Decision: ${decision}`,
    `${approval.question === null ? 'Call' : 'Question'}: ${call}`,
    ...(changed === undefined ? [] : [`With these arguments instead: ${JSON.stringify(changed)}`]),
    ...(answer === undefined ? [] : [`Answer: ${answer}`]),
    `Run ${approval.run_id}, asked for by ${approval.requested_by ?? 'nobody known'}`,
    ...(approval.labels.length === 0
      ? []
      : [`The run has taken in things that are ${approval.labels.join(', ')}.`]),
  ];
  const message = lines.map((line) => plainLine(line).slice(0, shownArguments)).join('\n');
  return { message, label: `I want this decision: ${decision}` };
}

export const approvalTools: readonly McpTool[] = [listApprovals, decideApproval];
