import { runStatuses } from '@batuta/contract';
import { transitions, type Transition } from '../../platform/src/domain/run/transitions.ts';
import type { GeneratedFile } from './generated-file.ts';

const introduction = `# States of a run

What moves a run from one state to another. Nothing else does: every commit of a worker asks this table, which lies in
\`platform/src/domain/run/transitions.ts\`, and the conformance suite of the stores holds claims, signals and cancellations to it.
This page is made from it by \`npm run generate\`.
`;

/** The chart and the table of the states of a run. */
export function generateRunStates(): GeneratedFile {
  const text = [
    introduction,
    '```mermaid',
    ...renderChart(transitions),
    '```',
    '',
    ...renderTable(transitions),
    '',
  ];
  return { path: 'docs/reference/run-states.md', text: text.join('\n') };
}

/** Lines of a Mermaid state diagram; a state that nothing leaves is an end. */
export function renderChart(edges: readonly Transition[]): string[] {
  const left = new Set(edges.map(({ from }) => from));
  return [
    'stateDiagram-v2',
    ...edges.map(({ from, to, label }) => `  ${from ?? '[*]'} --> ${to}: ${label}`),
    ...runStatuses.filter((status) => !left.has(status)).map((status) => `  ${status} --> [*]`),
  ];
}

function renderTable(edges: readonly Transition[]): string[] {
  const rows = edges.map(
    ({ from, to, cause, label }) => `| ${from ?? ''} | ${to} | \`${cause}\` | ${label} |`,
  );
  return ['| from | to | cause | |', '| --- | --- | --- | --- |', ...rows];
}
