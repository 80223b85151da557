import type { PolicyEffect } from '@batuta/contract';
import type { RuleReference } from './call-facts.ts';

/** What holds where no rule is about a call. */
export const defaultRules = {
  controls: builtIn('allow', 'control tools'),
  reads: builtIn('allow', 'read-only tools'),
  openReads: builtIn('allow', 'open-world reads'),
  longOpenReads: builtIn('ask', 'long open-world reads'),
  confined: builtIn('allow', 'effects inside of the workspace'),
  effects: builtIn('ask', 'effects'),
  destructive: builtIn('ask', 'destructive effects'),
  unknown: builtIn('deny', 'unknown tools'),
  otherwise: builtIn('ask', 'other calls of allowed tools'),
} as const;

/** The rule about contexts that hold untrusted text and private data. */
export const leavingRule: RuleReference = {
  source: 'taint',
  name: 'untrusted and private',
  file: null,
  line: null,
};

function builtIn(effect: PolicyEffect, about: string): { effect: PolicyEffect; rule: RuleReference } {
  return { effect, rule: { source: 'default', name: `${effect}: ${about}`, file: null, line: null } };
}
