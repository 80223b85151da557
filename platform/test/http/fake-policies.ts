import { BatutaError } from '@batuta/contract';
import type { Application } from '../../src/application/application.ts';
import { refuseCursor } from './refuse-cursor.ts';

/** The agent of the fake application. */
const onlyAgent = 'assistant';

/** Policies of the fake application: one agent with one tool. */
export const fakePolicies: Application['policies'] = {
  list: async (_, { agent, cursor }) => {
    refuseCursor(cursor);
    refuseAgent(agent ?? onlyAgent);
    return { items: [], next_cursor: null, taint: 'ask' };
  },
  explain: async (_, { agent, tool }) => {
    refuseAgent(agent);
    if (tool !== 'read') throw new BatutaError('tool-unknown', { tool, hint: '' });
    const rule = { source: 'default', name: 'allow: read-only tools', file: null, line: null } as const;
    const also = { approver: null, also: [], not_holding: [], policy_version: 'v' };
    return { effect: 'allow', rule, reason: 'read only reads', ...also };
  },
};

function refuseAgent(agent: string): void {
  if (agent !== onlyAgent) throw new BatutaError('agent-unknown', { agent, hint: '' });
}
