import type { DeliveryStatus, MissedPolicy, OverlapPolicy, Role, WebhookKind } from '@batuta/contract';

/*
 * The words that options take, from the contract's types alone: loading the contract would make each help as slow as a start. A word that
 * is missing here, or too much, is a type error.
 */
function wordsOf<Word extends string>(all: Record<Word, true>): readonly Word[] {
  return Object.keys(all) as Word[];
}

export const roles = wordsOf<Role>({ administrator: true, operator: true, member: true, viewer: true });

export const missedPolicies = wordsOf<MissedPolicy>({ skip: true, 'run-once': true, 'run-all': true });

export const overlapPolicies = wordsOf<OverlapPolicy>({ skip: true, queue: true });

export const deliveryStatuses = wordsOf<DeliveryStatus>({ pending: true, delivered: true, dead: true });

export const webhookKinds = wordsOf<WebhookKind>({
  'run-succeeded': true,
  'run-failed': true,
  'run-cancelled': true,
  'run-suspended': true,
  'approval-requested': true,
  'approval-decided': true,
  'budget-alerted': true,
  'budget-reached': true,
  'audit-anchored': true,
});
