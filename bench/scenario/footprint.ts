import { platformContestant } from '../measure/contestants.ts';
import { fixed, spread } from '../measure/figures.ts';
import type { PlatformStart, Stage } from '../measure/stage.ts';

/** Start time and idle memory, several starts each. */
export async function measureFootprint(stage: Stage, rounds: number): Promise<string[]> {
  const rows: string[] = [];
  for (const [name, start] of [
    ['PostgreSQL', {}],
    ['embedded, first start', { embedded: true }],
  ] as const) {
    rows.push(await footprint(stage, name, { start, rounds }));
  }
  const again = { embedded: true, environment: { BATUTA_DATA_DIR: `${stage.project}/kept` } };
  await (await stage.startPlatform(again)).kill('SIGTERM');
  rows.push(await footprint(stage, 'embedded, later starts', { start: again, rounds }));
  return rows;
}

async function footprint(
  stage: Stage,
  name: string,
  { start, rounds }: { start: PlatformStart; rounds: number },
): Promise<string> {
  const ready: number[] = [];
  const idle: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const server = await stage.startPlatform(start);
    ready.push(server.readyMs);
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    idle.push(server.residentMb());
    await server.kill('SIGTERM');
  }
  return `| ${name} | ${spread(ready, 0)} | ${spread(idle, 0)} |`;
}

/** Milliseconds from kill -9 of the process that drives a run to the end of that run by another process. */
export async function measureRecovery(stage: Stage, rounds: number): Promise<string> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const victim = await stage.startPlatform();
    const rescuer = await stage.startPlatform();
    const accepted = await post(`${victim.url}/v1/runs`, stage, { agent: 'slow', input: 'Go.' });
    await new Promise((resolve) => setTimeout(resolve, 800));
    await victim.kill('SIGKILL');
    const killed = performance.now();
    await untilRecovered(rescuer.url, stage, String(accepted['session_id']));
    times.push(performance.now() - killed);
    await rescuer.kill('SIGTERM');
  }
  return `${spread(times.map((each) => each / 1000))} s`;
}

async function post(url: string, stage: Stage, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...stage.headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.json() as Promise<Record<string, unknown>>;
}

/** Reads the session's stream until another process says that it took the run up. */
async function untilRecovered(url: string, stage: Stage, sessionId: string): Promise<void> {
  const response = await fetch(`${url}/v1/sessions/${sessionId}/events`, { headers: stage.headers });
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes('event: run-recovered')) return;
  }
  throw new Error('the stream ended before the run was taken up');
}

/** Milliseconds from a run's acceptance by a process without a worker to its first event from another process. */
export async function measureWakeUp(stage: Stage, runs: number): Promise<string> {
  const api = await stage.startPlatform({ role: 'api' });
  const worker = await stage.startPlatform({ role: 'worker', environment: { BATUTA_POLL_MS: '60000' } });
  const contestant = platformContestant('split', api, stage);
  await contestant.run('text');
  const times: number[] = [];
  for (let index = 0; index < runs; index += 1) {
    const { id } = await post(`${api.url}/v1/runs`, stage, { agent: 'text', input: 'Go.' });
    await post(`${api.url}/v1/runs`, stage, { agent: 'text', input: 'Go.', wait: 5 });
    const run = await (await fetch(`${api.url}/v1/runs/${String(id)}`, { headers: stage.headers })).json();
    times.push(Date.parse(run.started_at) - Date.parse(run.created_at));
  }
  await Promise.all([api.kill('SIGTERM'), worker.kill('SIGTERM')]);
  return `p50 ${fixed(times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0)} ms, largest ${fixed(Math.max(...times))} ms`;
}
