import type { Problem } from '@batuta/contract';
import { mapTexts } from '../../domain/redaction/map-texts.ts';
import type { Identity } from '../access/identity.ts';
import type { Redactor } from './redactor.ts';

/** An error as its reader may see it: what it quotes may hold a secret. */
export function redactProblem(redactor: Redactor, identity: Identity | null, problem: Problem): Problem {
  const redact = (text: string): string => redactor.error(text, identity?.tenantId ?? null);
  return { ...problem, detail: redact(problem.detail), data: mapTexts(problem.data, redact) };
}
