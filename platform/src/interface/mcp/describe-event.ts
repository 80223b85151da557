import type { EventData, EventKind } from '@batuta/contract';
import type { Frame } from '../../application/stream/frame.ts';

const longest = 300;

type Describer<K extends EventKind> = (data: EventData<K>) => string;

/** Events that tell a person how far a run is. What models and tools say is not among them: it is the run's answer or nobody's. */
const describers: { readonly [K in EventKind]?: Describer<K> } = {
  'run-started': () => 'The run has started.',
  'run-recovered': () => 'The run goes on in another process.',
  'model-call-settled': ({ model }) => `${model} has answered.`,
  'model-call-failed': ({ model }) => `${model} could not answer.`,
  'tool-call-claimed': ({ tool }) => `${tool} begins.`,
  'tool-call-settled': ({ tool, outcome }) => `${tool}: ${outcome}.`,
  'tool-call-progressed': ({ tool, message }) => `${tool}: ${message}`,
  'child-run-started': ({ agent }) => `${agent} was given a part of the work.`,
  'approval-requested': ({ tool }) => `${tool} waits for a person's decision.`,
  'input-requested': () => 'The run asks a question.',
  'approval-decided': ({ decision }) => `A person decided: ${decision}.`,
  'run-suspended': ({ waiting_for: reason }) => `The run waits: ${reason}.`,
  'run-resumed': () => 'The run goes on.',
  'run-succeeded': () => 'The run has ended.',
};

/** A frame of a run's stream in a few words; undefined where it says nothing to a person. */
export function describeEvent({ event: kind, data }: Frame): string | undefined {
  if (!isDescribed(kind)) return undefined;
  const describe: Describer<EventKind> | undefined = describers[kind];
  const { data: told } = JSON.parse(data) as { data: EventData<EventKind> };
  return describe?.(told).slice(0, longest);
}

function isDescribed(kind: string): kind is EventKind {
  return Object.hasOwn(describers, kind);
}
