import type { JsonObject } from '@batuta/contract';
import type { ToolContext } from '../../port/tool.ts';

/** What a person answered. */
export interface PersonAnswer {
  action: 'accept' | 'decline' | 'cancel';
  content?: JsonObject;
}

/** What a call has to do with its run. */
export type CallContext = ToolContext & {
  progress?: (step: { message: string; share?: number }) => void;
  ask?: (question: { question: string; schema?: JsonObject }) => Promise<PersonAnswer>;
};
