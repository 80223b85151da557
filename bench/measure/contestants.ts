import { timeRun, type RunTiming } from './http-run.ts';
import type { ServerProcess } from './server-process.ts';
import { models, type Stage } from './stage.ts';

/** Something that runs agents, driven in the same way as every other. */
export interface Contestant {
  name: string;
  server: ServerProcess;
  run(workload: keyof typeof models): Promise<RunTiming>;
}

/** The platform behind its public door. */
export function platformContestant(name: string, server: ServerProcess, stage: Stage): Contestant {
  return {
    name,
    server,
    run: (workload) =>
      timeRun({
        url: `${server.url}/v1/runs`,
        headers: stage.headers,
        body: { agent: workload, input: 'Add the numbers.', stream: true },
        textMark: 'event: text-delta',
        endMark: 'event: run-succeeded',
      }),
  };
}

/** The yardstick. */
export function floorContestant(server: ServerProcess): Contestant {
  return {
    name: 'floor',
    server,
    run: (workload) =>
      timeRun({
        url: `${server.url}/run`,
        headers: {},
        body: { model: models[workload], input: 'Add the numbers.' },
        textMark: '"type":"text-delta"',
        endMark: '"type":"finish"',
      }),
  };
}

/** The client straight at the models: what remains when there is no server in between. */
export function directContestant(emulator: ServerProcess): Contestant {
  return {
    name: 'direct',
    server: emulator,
    run: (workload) =>
      timeRun({
        url: `${emulator.url}/v1/chat/completions`,
        headers: {},
        body: { model: models[workload], messages: [{ role: 'user', content: 'x' }], stream: true },
        textMark: '"content"',
        endMark: '[DONE]',
      }),
  };
}
