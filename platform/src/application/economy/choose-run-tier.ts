import type { AgentDefinition, NewEvent, UserPart } from '@batuta/contract';
import { tierFixed, tierForQuestion, type Thrift } from '../../domain/economy/choose-tier.ts';
import { judgeComplexity } from '../../domain/economy/judge-complexity.ts';
import { wantedModel } from '../../domain/economy/model-tiers.ts';

/** The choice of a tier for what a person said, as an event; none for an agent that names its models. */
export function tierEvents(
  definition: AgentDefinition,
  parts: readonly UserPart[],
  thrift: Thrift,
): NewEvent[] {
  const wanted = wantedModel(definition);
  if (wanted === undefined || wanted.kind === 'models') return [];
  const data =
    wanted.kind === 'tier'
      ? tierFixed(wanted.tier, thrift)
      : tierForQuestion(judgeComplexity(questionOf(parts)), thrift);
  return [{ kind: 'model-tier-chosen', data }];
}

function questionOf(parts: readonly UserPart[]): { text: string; files: number } {
  const texts = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  return { text: texts.join('\n'), files: parts.length - texts.length };
}
