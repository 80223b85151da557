import type { ApprovalDecision } from '@batuta/contract';
import type { Command } from 'commander';
import type { ApprovalListOptions } from '../command/approvals.ts';
import type { ApproveOptions, DecideOptions } from '../command/decide-approval.ts';
import { addCommand, choiceArgument, type ProgramParts } from './parts.ts';

const decisions = ['approve', 'deny', 'repeat', 'done', 'failed'];

const loadLook = () => import('../command/approvals.ts');
const loadLinks = () => import('../command/approval-links.ts');
const loadDecide = () => import('../command/decide-approval.ts');

/** approvals: list, show, approve, deny, answer, decide, link, links, revoke. */
export function addApprovals(program: Command, parts: ProgramParts): void {
  const { say } = parts;
  const approvals = addCommand(program, { name: 'approvals', description: say('help.approvals') }, say);
  addLooking(approvals, parts);
  addApprove(approvals, parts);
  addDeciding(approvals, parts);
  addLinks(approvals, parts);
}

function addLooking(approvals: Command, { say, perform }: ProgramParts): void {
  addCommand(approvals, { name: 'list', description: say('help.approvals.list'), isDefault: true }, say)
    .option('--all', say('help.approvals.all'))
    .option('--run <id>', say('help.approvals.run'))
    .option('--session <id>', say('help.runs.session'))
    .option('--tool <name>', say('help.approvals.tool'))
    .option('--limit <number>', say('help.limit'), '20')
    .action((options: ApprovalListOptions, command: Command) =>
      perform(command, async (context) => (await loadLook()).listApprovals(context, options)),
    );
  addCommand(approvals, { name: 'show', description: say('help.approvals.show') }, say)
    .argument('<id>', say('help.id'))
    .action((id: string, _options: unknown, command: Command) =>
      perform(command, async (context) => (await loadLook()).showApproval(context, id)),
    );
}

function addApprove(approvals: Command, { say, perform }: ProgramParts): void {
  addCommand(approvals, { name: 'approve', description: say('help.approvals.approve') }, say)
    .argument('<id>', say('help.id'))
    .option('--edit <json>', say('help.approvals.edit'))
    .option('--for-session', say('help.approvals.forSession'))
    .option('--any <names>', say('help.approvals.any'))
    .option('--reason <text>', say('help.runs.reason'))
    .option('--yes', say('help.approvals.yes'))
    .action((id: string, options: ApproveOptions, command: Command) =>
      perform(command, async (context) => (await loadDecide()).approveApproval(context, id, options)),
    );
}

function addDeciding(approvals: Command, { say, perform }: ProgramParts): void {
  addCommand(approvals, { name: 'deny', description: say('help.approvals.deny') }, say)
    .argument('<id>', say('help.id'))
    .option('--reason <text>', say('help.runs.reason'))
    .action((id: string, options: DecideOptions, command: Command) =>
      perform(command, async (context) =>
        (await loadDecide()).decideApproval(context, id, { decision: 'deny', ...options }),
      ),
    );
  addCommand(approvals, { name: 'answer', description: say('help.approvals.answer') }, say)
    .argument('<id>', say('help.id'))
    .argument('<text>', say('help.approvals.text'))
    .action((...[id, text, , command]: [string, string, unknown, Command]) =>
      perform(command, async (context) => (await loadDecide()).answerApproval(context, id, text)),
    );
  addCommand(approvals, { name: 'decide', description: say('help.approvals.decide') }, say)
    .argument('<id>', say('help.id'))
    .addArgument(choiceArgument('<decision>', say('help.approvals.decision'), decisions))
    .option('--reason <text>', say('help.runs.reason'))
    .action((...[id, decision, options, command]: [string, ApprovalDecision, DecideOptions, Command]) =>
      perform(command, async (context) =>
        (await loadDecide()).decideApproval(context, id, { decision, ...options }),
      ),
    );
}

function addLinks(approvals: Command, { say, perform }: ProgramParts): void {
  addCommand(approvals, { name: 'link', description: say('help.approvals.link') }, say)
    .argument('<id>', say('help.id'))
    .argument('<recipient>', say('help.approvals.recipient'))
    .option('--hours <number>', say('help.approvals.hours'), '24')
    .action((...[id, recipient, { hours }, command]: [string, string, { hours: string }, Command]) =>
      perform(command, async (context) =>
        (await loadLinks()).linkApproval(context, id, { recipient, hours }),
      ),
    );
  addCommand(approvals, { name: 'links', description: say('help.approvals.links') }, say)
    .argument('<id>', say('help.id'))
    .action((id: string, _options: unknown, command: Command) =>
      perform(command, async (context) => (await loadLinks()).listLinks(context, id)),
    );
  addCommand(approvals, { name: 'revoke', description: say('help.approvals.revoke') }, say)
    .argument('<id>', say('help.id'))
    .argument('<link>', say('help.approvals.linkId'))
    .action((...[id, link, , command]: [string, string, unknown, Command]) =>
      perform(command, async (context) => (await loadLinks()).revokeLink(context, id, link)),
    );
}
